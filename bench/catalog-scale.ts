import { openConnections } from '../sql-runner/connections/open';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Connections } from '../sql-runner/connections/connections';
import { diagnose } from '../sql-runner/actions/doctor';
import { makePlan } from '../sql-runner/actions/run';
import { readStatus } from '../sql-runner/actions/status';
import { subscriptions } from '../sql-runner/postgres/catalog/subscriptions';
import { DirectLab } from '../test/e2e/support/direct-lab';
import { catalogReaders } from '../test/sql-runner/postgres/catalog-readers';
import type { SourceContract, Side, Contracts } from '../contract/contract';
import { bareSeconds, recorded } from './bare-statements';
import { applied, fill, namesOf, withDatabases } from './many-databases';
import { measureCommand, type Measured } from './measured-process';
import type { Scale } from './scale-database';

/** What everything is compared with: the least that anybody needs to know of every relation. */
const BASELINE = `SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;
const REPEATS = 3;
/** Readers that take a smaller part of the baseline do not grow with the database. */
const SHOWN_FROM = 0.2;

/**
 * How the catalog reads and the commands grow with the database, on a source and a clone of the lab. The ratio is the
 * time that a command is at work, without the start of its process, to what the servers need for its statements alone.
 *
 *   npm run bench:catalog                        1,000 and 10,000 tables
 *   npm run bench:catalog -- 1000 10000 50000    those numbers of tables
 *   npm run bench:catalog -- --partitions 1000 --sequences 10000 --databases 100 1000
 */
async function main(): Promise<void> {
  const wanted = parse(process.argv.slice(2));
  const lab = await DirectLab.start('catalog-scale', { streams: Math.max(2, wanted.databases), open: openConnections });
  const directory = mkdtempSync(join(tmpdir(), 'catalog-scale-'));
  try {
    for (const tables of wanted.tables) await measure(lab, directory, { ...wanted, tables });
  } finally {
    await lab.lab.down();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Wanted extends Omit<Scale, 'tables'> {
  readonly databases: number;
}

function parse(argv: readonly string[]): Wanted & { readonly tables: readonly number[] } {
  const flag = (name: string, otherwise: number): number => {
    const at = argv.indexOf(`--${name}`);
    return at < 0 ? otherwise : Number(argv[at + 1]);
  };
  const tables = argv.filter((arg, index) => !arg.startsWith('--') && !argv[index - 1]?.startsWith('--')).map(Number);
  return {
    tables: tables.length > 0 ? tables : [1_000, 10_000],
    partitions: flag('partitions', 100),
    sequences: flag('sequences', 100),
    databases: flag('databases', 1),
  };
}

async function measure(lab: DirectLab, directory: string, { databases, ...scale }: Wanted & Scale): Promise<void> {
  const names = namesOf(databases);
  await fill(lab, names, scale);
  const contracts = (): Contracts => withDatabases(lab.contracts, names);
  const results: string[][] = [];
  const commands = async (state: string): Promise<void> => {
    for (const [verb, work] of Object.entries(COMMANDS)) {
      const measured = await measureCommand(contracts(), directory, verb);
      results.push(rowOf(verb, state, measured, await beside(() => work(contracts()))));
    }
  };
  await applied(contracts(), 'apply');
  await commands('prepared');
  await lab.deployTarget();
  await commands('clone deployed');
  await applied(contracts(), 'apply');
  await commands('connected');
  const { tables, partitions, sequences } = scale;
  console.log(`\n${databases} × ${tables} tables, ${partitions} partitions, ${sequences} sequences`);
  print(['command', 'state', 'seconds', 'MB', 'exit', 'of it at work', 'statements', 'bare', 'ratio'], results);
  for (const side of ['source', 'target'] as const)
    print([`reader, ${side}`, 'ms', 'of the baseline'], await readers(contracts(), side));
  await applied(contracts(), 'teardown');
  await lab.destroyClone();
}

/** What a command does, without the start of its process. */
const COMMANDS: Readonly<Record<string, (contracts: Contracts) => Promise<unknown>>> = {
  plan: (contracts) => makePlan(openConnections, contracts, 'apply'),
  doctor: (contracts) => diagnose(openConnections, contracts),
  status: (contracts) => readStatus(openConnections, contracts),
};

interface Beside {
  /** Best of all runs: connections, AWS, statements and what is made of them. */
  readonly seconds: number;
  readonly statements: number;
  /** Best of all runs: the same statements alone, one after the other. */
  readonly bare: number;
}

async function beside(work: () => Promise<unknown>): Promise<Beside> {
  let best: Beside = { seconds: Infinity, statements: 0, bare: Infinity };
  for (let n = 0; n < REPEATS; n += 1) {
    const { seconds, sent } = await recorded(work);
    const bare = Math.min(best.bare, await bareSeconds(sent));
    best = { seconds: Math.min(best.seconds, seconds), statements: sent.length, bare };
  }
  return best;
}

/** Every catalog reader, and what it costs beside the baseline in the same session. */
async function readers(contracts: Contracts, side: Side): Promise<string[][]> {
  const connections = new Connections(contracts);
  try {
    const [{ database, streams }] = contracts.source.links as [SourceContract['links'][number]];
    const session = await connections.reader({ side, database });
    const [subscription] = side === 'target' ? await subscriptions(session) : [];
    const baseline = await best(() => session.query(BASELINE));
    const all = catalogReaders({
      publication: streams[0]!.publication,
      subscriptionOid: subscription?.oid ?? 0,
      slot: streams[0]!.slot,
      role: contracts.source.replication.role,
    });
    const results: string[][] = [['(baseline)', baseline.toFixed(1), '1.0']];
    for (const { name, read } of all.filter(({ known }) => known)) {
      // Refused is what this server lacks (pg_cron).
      const ms = await best(() => read(session)).catch(() => 0);
      if (ms >= SHOWN_FROM * baseline) results.push([name, ms.toFixed(1), (ms / baseline).toFixed(1)]);
    }
    return results;
  } finally {
    await connections.close();
  }
}

async function best(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < REPEATS; n += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

function rowOf(verb: string, state: string, { seconds, megabytes, ending }: Measured, own: Beside): string[] {
  const process = [verb, state, seconds.toFixed(2), megabytes.toFixed(0), ending];
  const ratio = own.seconds / own.bare;
  return [...process, own.seconds.toFixed(2), String(own.statements), own.bare.toFixed(2), ratio.toFixed(2)];
}

function print(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  console.log(table.toString());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
