import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Table from 'cli-table3';
import type { Contracts } from '../contract/contract';
import { inSession } from '../lab/connections';
import { serverOf } from '../lab/servers';
import { readStatus } from '../sql-runner/actions/status';
import { openConnections } from '../sql-runner/connections/open';
import { DirectLab } from '../test/e2e/support/direct-lab';
import { applied, fill, namesOf, withDatabases } from './many-databases';
import { measureCommand, outputsIn } from './measured-process';
import { type Usage, usageOf } from './source-usage';

const DATABASES = 32;
const SCALE = { tables: 10, partitions: 2, sequences: 2 };
/** Of one core, in percent; sessions in one database; seconds of a status. */
const LIMITS = { percent: 0.5, perDatabase: 1, seconds: 1 };
/** Everything was read twice by then, and the server keeps what it is asked again. What is measured is how it goes on. */
const SETTLED_MS = 150_000;
const REPEATS = 3;
/** Of an environment of this size everything is read anew every two minutes, and the page gets a plan every ten. */
const WATCHED_S = 120;
const SERVED_S = 660;

/**
 * What the commands that run all day cost production: serve with its beats and a plan, and watch, with the intervals that
 * they have by default, on an environment of 32 databases. Exit code 1 where a limit is missed.
 *
 *   npm run bench:day-two                    twenty minutes
 *   npm run bench:day-two -- --seconds 120   of serve as well; without a plan in it its row says so
 *   npm run bench:day-two -- --status        how long status takes, and nothing else
 */
async function main(): Promise<void> {
  const at = process.argv.indexOf('--seconds');
  const served = at < 0 ? SERVED_S : Number(process.argv[at + 1]);
  const lab = await DirectLab.start('day-two', { streams: DATABASES, open: openConnections });
  const directory = mkdtempSync(join(tmpdir(), 'day-two-'));
  try {
    const contracts = await connected(lab);
    const running = process.argv.includes('--status')
      ? []
      : [
          ...(await measured(lab, contracts, directory, WATCHED_S, ['watch', '--json'])),
          ...(await measured(lab, contracts, directory, served, ['serve', '--json', '--port', '0', '--no-history'])),
        ];
    const rows = [...running, ...(await statusRows(lab, contracts, directory))];
    print(rows);
    if (rows.some(({ missed }) => missed)) process.exitCode = 1;
  } finally {
    await lab.lab.down();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function connected(lab: DirectLab): Promise<Contracts> {
  const names = namesOf(DATABASES);
  await fill(lab, names, SCALE);
  await applied(withDatabases(lab.contracts, names), 'apply');
  await lab.deployTarget();
  await applied(withDatabases(lab.contracts, names), 'apply');
  // Its workers come and go, and would be taken for sessions that ended.
  await inSession(lab.lab.adminConnection('source', 'postgres'), async (admin) => {
    await admin.query('ALTER SYSTEM SET autovacuum = off');
    await admin.query('SELECT pg_reload_conf()');
  });
  return withDatabases(lab.contracts, names);
}

interface Row {
  readonly what: string;
  readonly value: string;
  readonly limit: string;
  readonly missed: boolean;
}

async function measured(
  lab: DirectLab,
  contracts: Contracts,
  directory: string,
  seconds: number,
  [verb, ...flags]: [string, ...string[]],
): Promise<Row[]> {
  const argv = [
    join(__dirname, '..', 'sql-runner', 'bin.js'),
    verb,
    'demo',
    ...outputsIn(contracts, directory),
    ...flags,
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env } });
  const exit = once(child, 'exit');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said = said === '' ? chunk.toString() : said));
  const client = await lab.source('postgres');
  try {
    await Promise.race([pause(SETTLED_MS), exit]);
    const before = verb === 'serve' ? await planOf(said) : null;
    const usage = await usageOf(client, serverOf(lab.lab, 'source').dataDirectory, seconds);
    if (child.exitCode !== null) throw new Error(`${verb} ended with ${child.exitCode}`);
    if (verb !== 'serve') return rowsOf(verb, usage, '');
    return rowsOf(verb, usage, (await planOf(said)) === before ? ', no plan in it' : ', a plan for the page in it');
  } finally {
    child.kill();
    await exit;
    await client.end();
  }
}

/** @param said by serve at first, with its address. @returns when the plan on its page was made, once there is one */
async function planOf(said: string): Promise<string> {
  const { url } = JSON.parse(said.split('\n')[0]!) as { url: string };
  for (;;) {
    const page = await (await fetch(url)).text();
    const made = /Made <time[^>]*>([^<]+)</.exec(page)?.[1];
    if (made !== undefined) return made;
    await pause(1_000);
  }
}

function rowsOf(verb: string, usage: Usage, covered: string): Row[] {
  const percent = (100 * usage.sessions) / usage.seconds;
  const senders = (100 * usage.senders) / usage.seconds;
  const over = `${usage.seconds.toFixed(0)} s${covered}`;
  return [
    {
      what: `${verb}: its sessions on the source, % of a core over ${over}`,
      value: percent.toFixed(2),
      limit: String(LIMITS.percent),
      missed: percent >= LIMITS.percent,
    },
    shown(`${verb}: of it, those that ended meanwhile`, ((100 * usage.gone) / usage.seconds).toFixed(2)),
    shown(`${verb}: what sends to the clone, % of a core`, senders.toFixed(2)),
    shown(`${verb}: logins in that time`, String(usage.logins)),
    shown(`${verb}: sessions at a time`, String(usage.connections)),
    {
      what: `${verb}: sessions at a time in one database, without tests of a login`,
      value: String(usage.perDatabase),
      limit: String(LIMITS.perDatabase),
      missed: usage.perDatabase > LIMITS.perDatabase,
    },
  ];
}

const shown = (what: string, value: string): Row => ({ what, value, limit: '', missed: false });

/** The best of some: what others do on the machine is none of the command's. */
async function statusRows(lab: DirectLab, contracts: Contracts, directory: string): Promise<Row[]> {
  let [whole, work] = [Infinity, Infinity];
  for (let n = 0; n < REPEATS; n += 1) {
    const { seconds, ending } = await measureCommand(contracts, directory, 'status');
    if (ending !== '0') throw new Error(`status ended with ${ending}`);
    whole = Math.min(whole, seconds);
    const started = performance.now();
    await readStatus(openConnections, contracts);
    work = Math.min(work, (performance.now() - started) / 1000);
  }
  const limit = String(LIMITS.seconds);
  const bare = bareSessions(lab, directory);
  return [
    { what: 'status: the whole process, s', value: whole.toFixed(2), limit, missed: whole > LIMITS.seconds },
    shown('status: of it at work, s', work.toFixed(2)),
    shown('a process that only enters each database of both sides, and asks for 1, s', bare.toFixed(2)),
    shown('status: times as long as that', (whole / bare).toFixed(2)),
  ];
}

/** What nothing can be below that enters each database; the machine has both servers on it. */
function bareSessions(lab: DirectLab, directory: string): number {
  const file = join(directory, 'places.json');
  const sides = (['source', 'clone'] as const).map((side) =>
    namesOf(DATABASES).map((database) => ({ ...lab.lab.adminConnection(side, database) })),
  );
  writeFileSync(file, JSON.stringify(sides));
  const times = Array.from({ length: REPEATS }, () => {
    const started = performance.now();
    execFileSync(process.execPath, [join(__dirname, 'bare-sessions.cjs'), file], { stdio: 'inherit' });
    return (performance.now() - started) / 1000;
  });
  return Math.min(...times);
}

function print(rows: readonly Row[]): void {
  const table = new Table({ head: ['', 'measured', 'limit', ''], style: { head: [], border: [] } });
  table.push(
    ...rows.map(({ what, value, limit, missed }) => [what, value, limit, missed ? 'MISSED' : limit && 'kept']),
  );
  console.log(`${DATABASES} databases of ${SCALE.tables} tables, each with a stream`);
  console.log(table.toString());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
