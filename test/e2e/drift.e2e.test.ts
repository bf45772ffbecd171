import type { Client } from 'pg';
import { connectBy } from '../../lab/demo/connections';
import { diagnose, isHealthy } from '../../sql-runner/engine/doctor';
import type { EngineEvent } from '../../sql-runner/engine/events';
import type { Finding } from '../../sql-runner/engine/change';
import type { Plan } from '../../sql-runner/engine/plan';
import { isFollowing, readStatus } from '../../sql-runner/engine/status';
import { planText } from '../../sql-runner/render/plan-text';
import { styleFor } from '../../sql-runner/render/style';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { execute } from './support/provocations';
import { compareRows } from './support/row-comparison';

/**
 * Every attribute of what sql-runner made, altered by hand on real servers: nothing says that all is well, the plan
 * names it and puts it back, and both sides have the same rows before anything says so.
 */
jest.setTimeout(240_000);

const stage = stagesInOrder();
const SUBSCRIPTION = 'acas_demo_shop';
const alter = (clause: string) => `ALTER SUBSCRIPTION ${SUBSCRIPTION} ${clause}`;
let world: DirectLab;
let id = 0;

beforeAll(async () => {
  world = await DirectLab.start('drift');
  await onSource('CREATE TABLE orders (id bigint PRIMARY KEY)', 'CREATE TABLE aside (id bigint PRIMARY KEY)');
  const ledger = ['CREATE TABLE accounts (id bigint PRIMARY KEY)', 'CREATE SCHEMA "Audit"'];
  await execute(await world.source('ledger'), [...ledger, 'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)']);
  await world.run('apply');
  await world.deployTarget();
  await asAdmin('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`, 'SELECT pg_reload_conf()');
  await world.run('apply');
  await onSource('CREATE PUBLICATION aside FOR TABLE aside');
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
/** As the superuser that nobody but the lab is. */
const asAdmin = async (side: 'source' | 'clone', ...statements: string[]) =>
  execute(await connectBy((database) => world.lab.adminConnection(side, database))('shop'), statements);
const write = () => onSource(`INSERT INTO orders VALUES (${++id})`);

async function fix(carry: (admin: Client) => Promise<void>): Promise<void> {
  const admin = await connectBy((database) => world.lab.adminConnection('clone', database))('shop');
  await carry(admin).finally(() => admin.end());
}

async function disabled(...clauses: string[]): Promise<void> {
  await onClone(alter('DISABLE'), ...clauses.map(alter), alter('ENABLE'));
}

/** What plan, doctor and status say of it: none that all is well. */
async function expectSaid(code: string, seen: RegExp): Promise<{ plan: Plan; finding: Finding }> {
  const [plan, diagnosis, status] = [
    await world.plan(),
    await diagnose(world.contracts),
    await readStatus(world.contracts),
  ];
  expect(planText(plan, styleFor(process.stdout, true))).not.toMatch(/No changes\./);
  const finding = plan.findings.find((one) => one.code === code);
  expect([plan.findings.map((one) => one.code), finding?.seen]).toEqual([
    expect.arrayContaining([code]),
    expect.stringMatching(seen),
  ]);
  expect(isHealthy(diagnosis)).toBe(false);
  expect(diagnosis.results.find((result) => result.code === code)?.status).toBe('fail');
  expect([isFollowing(status), status.streams[0]!.trouble]).toEqual([false, expect.stringContaining(code)]);
  return { plan, finding: finding! };
}

/** How a run of apply ends, and whether it says that the clone is in sync. */
async function applied(): Promise<[code: string, inSync: boolean]> {
  const events: EngineEvent[] = [];
  const code = await refusalOf(world.run('apply', { listener: (event) => events.push(event), syncTimeoutMs: 20_000 }));
  return [code, events.some(({ type }) => type === 'in-sync')];
}
const IN_SYNC = ['nothing was refused', true];

async function expectWell(): Promise<void> {
  await write();
  await eventually(async () => (await onClone(`SELECT FROM orders WHERE id = ${id}`)).length === 1);
  expect((await compareRows(world.source, world.clone, 'shop')).differences).toEqual([]);
  const plan = await world.plan();
  expect([plan.changes, plan.findings]).toEqual([[], []]);
}

/** By hand, what is said of it, and the changes that put it back. */
type Drift = readonly [name: string, by: () => Promise<unknown>, seen: RegExp, changes: readonly string[]];
const OPTIONS = `target/shop/subscription-options/${SUBSCRIPTION}`;
const SLOT_OPTIONS = `target/shop/subscription-slot-options/${SUBSCRIPTION}`;
const ENABLED = `target/shop/subscription-enabled/${SUBSCRIPTION}`;
const TABLES = `target/shop/subscription-tables/${SUBSCRIPTION}`;
const PROOF = `target/shop/continuity/${SUBSCRIPTION}`;

const DRIFTS: readonly Drift[] = [
  ['binary', () => onClone(alter('SET (binary = true)')), /binary is true instead of false/, [OPTIONS]],
  ['streaming', () => onClone(alter('SET (streaming = off)')), /streaming is off instead of on/, [OPTIONS]],
  ['streaming, in parallel', () => onClone(alter('SET (streaming = parallel)')), /streaming is parallel/, [OPTIONS]],
  [
    'synchronous_commit',
    () => onClone(alter('SET (synchronous_commit = local)')),
    /synchronous_commit is local/,
    [OPTIONS],
  ],
  ['disable_on_error', () => onClone(alter('SET (disable_on_error = true)')), /disable_on_error is true/, [OPTIONS]],
  ['run_as_owner', () => onClone(alter('SET (run_as_owner = true)')), /run_as_owner is true/, [OPTIONS]],
  ['origin', () => onClone(alter('SET (origin = none)')), /origin is none instead of any/, [OPTIONS, PROOF]],
  ['skip_lsn', () => onClone(alter(`SKIP (lsn = '7F/0')`)), /skip_lsn is 7F\/0 instead of NONE/, [OPTIONS, PROOF]],
  ['failover', () => disabled('SET (failover = true)'), /failover is true/, [OPTIONS, SLOT_OPTIONS, ENABLED, PROOF]],
  ['publication, one more', () => onClone(alter('ADD PUBLICATION aside')), /"aside"/, [OPTIONS, TABLES, PROOF]],
  [
    'publication, another',
    () => onClone(alter('SET PUBLICATION aside')),
    /publication is \["aside"\] instead of \["acas_demo_shop"\]/,
    [OPTIONS, TABLES, PROOF],
  ],
  [
    'slot_name',
    async () => {
      await onSource(`SELECT pg_copy_logical_replication_slot('${SUBSCRIPTION}', 'aside')`);
      await onClone(alter('SET (slot_name = aside)'));
    },
    /slot_name is aside instead of acas_demo_shop/,
    [OPTIONS, PROOF],
  ],
  [
    'slot_name, none',
    () => onClone(alter('DISABLE'), alter('SET (slot_name = NONE)')),
    /slot_name is NONE/,
    [OPTIONS, ENABLED, PROOF],
  ],
];

for (const [name, by, seen, changes] of DRIFTS) {
  stage(`${name}: named, and put back by one apply`, async () => {
    await by();
    const { plan } = await expectSaid('SUBSCRIPTION_ALTERED', seen);
    expect(plan.changes.map((change) => change.id)).toEqual(changes);
    expect(plan.changes[0]!.reason).toMatch(seen);
    expect(await applied()).toEqual(IN_SYNC);
    await expectWell();
  });
}

const giveBack = async () => {
  const here = new Set((await onClone('SELECT id::text FROM orders')).map((row) => row.id));
  const missing = (await onSource('SELECT id::text FROM orders')).filter((row) => !here.has(row.id));
  for (const row of missing) await onClone(`INSERT INTO orders VALUES (${String(row.id)})`);
  return missing.length;
};

stage('another publication list, and rows were left out: never in sync until every row is there again', async () => {
  await onClone(alter('SET PUBLICATION aside'));
  await write();
  await eventually(async () => {
    const caughtUp = `confirmed_flush_lsn >= pg_current_wal_flush_lsn()`;
    const slot = `SELECT FROM pg_replication_slots WHERE slot_name = '${SUBSCRIPTION}' AND ${caughtUp}`;
    return (await onSource(slot)).length === 1;
  });
  expect(await applied()).toEqual(['STREAM_BROKEN', false]);
  const plan = await world.plan();
  expect(plan.changes.map((change) => change.id)).toEqual([TABLES, PROOF]);
  expect(plan.findings).toMatchObject([
    { code: 'CONTINUITY_NOT_PROVEN', seen: expect.stringContaining('altered it (publication)') },
  ]);
  expect(isFollowing(await readStatus(world.contracts))).toBe(false);
  expect(await applied()).toEqual(['STREAM_BROKEN', false]);
  expect(await giveBack()).toBe(1);
  expect(await applied()).toEqual(IN_SYNC);
  await expectWell();
});

stage('a run that dies anywhere on the way is carried on by the next', async () => {
  for (const after of [1, 2, 3]) {
    await disabled('SET (failover = true)');
    await onClone(alter('SET PUBLICATION aside'));
    await world.runAndDie('apply', after);
    expect(planText(await world.plan(), styleFor(process.stdout, true))).not.toMatch(/No changes\./);
    expect(await applied()).toEqual(IN_SYNC);
    await expectWell();
  }
});

stage('a plan that was saved is good although the stream moves on meanwhile', async () => {
  await onClone(alter('SET (origin = none, binary = true)'));
  const saved = await world.plan();
  await write();
  await eventually(async () => (await onClone(`SELECT FROM orders WHERE id = ${id}`)).length === 1);
  expect(await world.run('apply', { saved })).toBe('applied');
  await expectWell();
});

stage('the printed command is what puts it back', async () => {
  await onClone(alter('SET (binary = true)'));
  const { finding } = await expectSaid('SUBSCRIPTION_ALTERED', /binary/);
  expect(await world.follow(printedRun(finding, 'SUBSCRIPTION_ALTERED'))).toBe('applied');
  await expectWell();
});

stage('an owner that we have no rights of: the printed statement gives it back', async () => {
  await asAdmin('clone', 'CREATE ROLE somebody', 'GRANT CREATE ON DATABASE shop TO somebody');
  await asAdmin('clone', 'GRANT pg_create_subscription TO somebody', alter('OWNER TO somebody'));
  const { plan, finding } = await expectSaid('SUBSCRIPTION_NOT_OWNED', /owner is somebody instead of/);
  expect(plan.changes).toEqual([]);
  expect(await applied()).toEqual(['SUBSCRIPTION_NOT_OWNED', false]);
  await fix((admin) => carryOut(finding, admin, 'SUBSCRIPTION_NOT_OWNED'));
  await expectWell();
});

stage('an owner that we may act for is put back', async () => {
  await asAdmin('clone', `GRANT somebody TO ${world.lab.cloneConnection('shop').user}`, alter('OWNER TO somebody'));
  const { plan } = await expectSaid('SUBSCRIPTION_ALTERED', /owner is somebody instead of/);
  expect(plan.changes.map((change) => change.id)).toEqual([OPTIONS]);
  expect(await applied()).toEqual(IN_SYNC);
  await expectWell();
});

stage('no password required: only a superuser may put it back', async () => {
  await asAdmin('clone', alter('SET (password_required = false)'));
  const { plan, finding } = await expectSaid('SUBSCRIPTION_FOR_SUPERUSERS', /password_required is false/);
  expect(plan.changes).toEqual([]);
  expect(await applied()).toEqual(['SUBSCRIPTION_FOR_SUPERUSERS', false]);
  await fix((admin) => carryOut(finding, admin, 'SUBSCRIPTION_FOR_SUPERUSERS'));
  await expectWell();
});
