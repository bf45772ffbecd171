import { tmpdir } from 'node:os';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBy } from '../../lab/connections';
import { PROJECT, type Toolchain } from '../../lab/demo/toolchain';
import { type Lab, startLab } from '../../lab/lab';
import type { Connect } from '../../lab/workload/seed';
import { eventually } from '../support/eventually';
import { type Printed, printedDeploy, printedRun } from '../sql-runner/checks/printed-fix';
import { CheckedToolchain } from './support/checked-toolchain';
import { stagesInOrder } from './support/in-order';
import { eventsOf, expectExit } from './support/runner';
import { expectServed } from './support/served';
import { stopsBetweenChanges, stopsWaitingForSlot } from './support/signals';

/** What sql-runner refuses before it changes anything, each on a real source prepared by the real terraform. */

const environmentFile = join(PROJECT, 'environments', 'demo.yaml');
let lab: Lab;
let tools: Toolchain;
let source: Connect;
const stage = stagesInOrder();
/** The printed command that applies a saved plan. */
let saved: readonly string[];

beforeAll(async () => {
  lab = await startLab({ environmentFile, name: 'refusals', home: join(tmpdir(), `aurora refusals ${process.pid}`) });
  tools = new CheckedToolchain(join(lab.directory, 'project'), environmentFile, lab.env);
  source = connectBy((database) => lab.sourceConnection(database));
  await sql('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY, note text)', 'CREATE TABLE visits (at timestamptz)');
  await sql(
    'ledger',
    'CREATE TABLE accounts (id bigint PRIMARY KEY)',
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)',
  );
  // Nothing is deployed yet, and the way out is to do so.
  const missing = await printedBy('plan');
  expectExit(await tools.cdktf('deploy', printedDeploy(missing, 'SOURCE_NOT_DEPLOYED')), 0);
});
afterAll(() => lab.down());

async function sql(database: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = await source(database);
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows as Record<string, unknown>[];
    return rows;
  } finally {
    await client.end();
  }
}

/** Everything that an apply could have made or changed. */
async function traces(): Promise<unknown> {
  const [counts] = await sql(
    'shop',
    `SELECT (SELECT count(*) FROM pg_roles WHERE rolname LIKE 'acas%')::int AS roles, (SELECT count(*) FROM pg_publication)::int AS publications,
            (SELECT count(*) FROM pg_replication_slots)::int AS slots, current_setting('wal_level') AS wal_level`,
  );
  const production = lab.state.world.accounts['111111111111']?.clusters['demo-production'];
  return { ...counts, parameterGroup: production?.parameterGroup };
}

const UNTOUCHED = {
  roles: 0,
  publications: 0,
  slots: 0,
  wal_level: 'replica',
  parameterGroup: 'default.aurora-postgresql17',
};

/** What each refusal of these ends with. */
const EXITS: Readonly<Record<string, number>> = {
  SOURCE_NOT_DEPLOYED: 1,
  TARGET_NOT_DEPLOYED: 1,
  CONSENT_MISSING: 1,
  APPROVAL_MISSING: 1,
  REPLICA_IDENTITY_MISSING: 10,
  ROLE_NAME_TAKEN: 10,
  PUBLICATION_NAME_TAKEN: 10,
};

/** The error of a command, as scripts read it. */
async function printedBy(verb: string, ...flags: string[]): Promise<Printed> {
  const result = await tools.sqlRunner(verb, 'demo', '--json', ...flags);
  const printed = JSON.parse(result.stdout.trim().split('\n').at(-1)!) as Printed;
  expectExit(result, EXITS[printed.code]!);
  return printed;
}

async function refused(verb: string, ...flags: string[]): Promise<{ code: string; text: string }> {
  const result = await tools.sqlRunner(verb, 'demo', ...flags);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  const code = /Error ([A-Z_]+)/.exec(result.stderr)?.[1] ?? result.stderr;
  expectExit(result, EXITS[code]!);
  return { code, text: result.stderr };
}

stage('a table without replica identity: named, with the statement that helps', async () => {
  const { code, text } = await refused('apply', '--auto-approve', '--allow-reboot');
  expect(code).toBe('REPLICA_IDENTITY_MISSING');
  expect(text).toContain('ALTER TABLE "public"."visits" REPLICA IDENTITY FULL');
  expect(await traces()).toEqual(UNTOUCHED);
  await sql('shop', 'ALTER TABLE "public"."visits" REPLICA IDENTITY FULL');
  expectExit(await tools.sqlRunner('plan', 'demo'), 0);
});

stage("a role of the same name that is somebody else's", async () => {
  await sql('shop', 'CREATE ROLE acas_demo LOGIN');
  const taken = await printedBy('apply', '--auto-approve', '--allow-reboot');
  const file = join(tools.environments, 'demo.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('replication:', 'replication:\n  role: acas_demo_2'));
  // To be synthesised anew.
  rmSync(join(tools.output, 'manifest.json'));
  expectExit(await tools.cdktf('deploy', printedDeploy(taken, 'ROLE_NAME_TAKEN')), 0);
  expectExit(await tools.sqlRunner('plan', 'demo'), 0);
  await sql('shop', 'DROP ROLE acas_demo');
  expect(await traces()).toEqual(UNTOUCHED);
});

stage("a publication of the same name that is somebody else's", async () => {
  await sql('ledger', 'CREATE PUBLICATION acas_demo_ledger FOR TABLE accounts');
  expect((await refused('plan')).code).toBe('PUBLICATION_NAME_TAKEN');
  await sql('ledger', 'DROP PUBLICATION acas_demo_ledger');
});

stage('a reboot without consent, and changes without approval', async () => {
  expect((await refused('apply', '--auto-approve')).code).toBe('CONSENT_MISSING');
  saved = printedRun(await printedBy('apply', '--allow-reboot'), 'APPROVAL_MISSING');
  expect(await traces()).toEqual(UNTOUCHED);
});

stage('a saved plan after something has changed', async () => {
  const file = join(tools.folder, 'reviewed.plan.json');
  expectExit(await tools.sqlRunner('plan', 'demo', '--out', file), 0);
  await sql('shop', 'CREATE TABLE newcomer (id bigint PRIMARY KEY)');
  const stale = expectExit(await tools.sqlRunner('apply', file, '--allow-reboot'), 15);
  expect(stale.stderr).toContain('Error PLAN_STALE');
  expect(await traces()).toEqual(UNTOUCHED);
});

stage('Ctrl-C stops between two changes, as other signals do, and nothing is half-done', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) await stopsBetweenChanges(tools, signal);
});

stage('a signal ends the wait for a slot at once, and leaves none; the second one ends the process', async () => {
  await stopsWaitingForSlot(tools, source);
});

stage('the same plan made anew is applied without a question', async () => {
  const file = join(tools.folder, 'reviewed.plan.json');
  expectExit(await tools.sqlRunner('plan', 'demo', '--out', file), 0);
  expect(saved).toEqual(['apply', 'FILE']);
  const applied = expectExit(await tools.sqlRunner(saved[0]!, file, '--allow-reboot', '--json'), 0);
  expect(eventsOf(applied).at(-1)).toMatchObject({ type: 'outcome', outcome: 'applied' });
  expect(await traces()).toMatchObject({
    roles: 1,
    slots: 2,
    wal_level: 'logical',
    parameterGroup: 'acas-demo-source-pg17',
  });
});

stage('a clone that is not there yet', async () => {
  expect((await refused('verify')).code).toBe('TARGET_NOT_DEPLOYED');
});

/** Until what the source had written is confirmed, and what a look is made of. */
async function watched(): Promise<void> {
  const { stdout } = expectExit(
    await tools.sqlRunner('watch', 'demo', '--until', 'streaming', '--timeout', '60', '--json'),
    0,
  );
  const samples = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(samples.at(-1)).toMatchObject({ following: true, streams: [{ state: 'streaming' }, { state: 'streaming' }] });
  const once = expectExit(await tools.sqlRunner('watch', 'demo', '--once'), 0);
  expect(once.stdout).toMatch(/^Environment demo: [^]*\nshop +streaming .*\nledger +streaming /);
}

stage('a rollout of which cdktf made no clone does not end as if there were one', async () => {
  const binary = join(tools.folder, 'applies-nothing');
  writeFileSync(binary, '#!/bin/sh\n[ "$1" = apply ] || exec terraform "$@"\n', { mode: 0o755 });
  const env = { ...lab.env, TERRAFORM_BINARY_NAME: binary };
  const careless = new CheckedToolchain(tools.folder, environmentFile, env);
  const { stderr } = expectExit(await careless.sqlRunner('rollout', 'demo', '--allow-reboot', '--auto-approve'), 1);
  expect(stderr).toMatch(
    /ROLLOUT_NOT_DONE\n {2}every step has ended well, and the last one still says: cdktf deploy demo-/,
  );
  expectExit(await tools.sqlRunner('status', 'demo'), 13);
});

stage('rollout goes the rest of the way from there, in one command', async () => {
  expectExit(await tools.sqlRunner('rollout', 'demo', '--allow-reboot', '--auto-approve'), 0);
  expectExit(await tools.sqlRunner('status', 'demo'), 0);
  await watched();
  await expectServed(tools);
  expectExit(await tools.sqlRunner('verify', 'demo'), 0);
});

stage('status ends with a code of its own where a stream follows and is further behind than it may be', async () => {
  expectExit(await tools.sqlRunner('status', 'demo', '--max-lag', '1TB'), 0);
  const behind = await eventually(async () => {
    let reading = true;
    const status = tools.sqlRunner('status', 'demo', '--max-lag', '0B').finally(() => (reading = false));
    while (reading) await sql('shop', 'INSERT INTO visits SELECT now() FROM generate_series(1, 2000)');
    const result = await status;
    return result.exitCode === 0 ? null : result;
  });
  expect(expectExit(behind, 16).stderr).toMatch(/shop: .*B behind, which is above 0B/);
});

stage('status of a stream that is disabled ends with another, or with 0 where it is only to be shown', async () => {
  const clone = connectBy((database) => lab.cloneConnection(database));
  const client = await clone('shop');
  await client.query('ALTER SUBSCRIPTION acas_demo_shop DISABLE').finally(() => client.end());
  expectExit(await tools.sqlRunner('status', 'demo', '--max-lag', '1TB'), 13);
  expectExit(await tools.sqlRunner('status', 'demo', '--exit-zero'), 0);
});
