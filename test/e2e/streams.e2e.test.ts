import { troubleIn } from '../sql-runner/support/trouble';
import type { Client } from 'pg';
import { isHealthy } from '../../sql-runner/actions/doctor';
import type { Finding } from '../../sql-runner/model/change';
import { isIdleButUnwell, type Plan, type PlanMode } from '../../sql-runner/model/plan';
import { isFollowing } from '../../sql-runner/actions/status';
import { connectBy } from '../../lab/connections';
import { planText } from '../../sql-runner/render/plan-text';
import { diagnosisText } from '../../sql-runner/render/doctor-text';
import { styleFor } from '../../sql-runner/render/style';
import { eventually } from '../support/eventually';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { diagnosisOf, looksOf, statusOf } from './support/looks';
import { DirectLab, refusalOf } from './support/direct-lab';
import { disabledMeanwhile } from './support/disabled-meanwhile';
import { stagesInOrder } from './support/in-order';
import { execute } from './support/provocations';
import { formerGroup } from './support/former-group';
import { endFarIn, failFarIn } from './support/fails-far-in';
import { notOwned } from './support/not-owned';
import { lendName, renameAndBack } from './support/renames';
import { withoutHeartbeat } from './support/without-heartbeat';

/** Streams that do not stream, on real servers: nothing ever says that all is well, and what is printed heals. */

const stage = stagesInOrder();
const plain = styleFor(process.stdout, true);
const FOLLOWS = /^No changes\. The clone follows the source: 1 of 1 stream streams, 2 tables/;
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('streams', { databases: ['shop'] });
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY, note text)');
  await onSource('shop', 'CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY LIST (id)', partition(1));
  await world.run('apply');
  await world.deployTarget();
  await asAdmin('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`, 'SELECT pg_reload_conf()');
  await world.run('apply');
});
afterAll(() => world?.lab.down());

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (database: string, ...statements: string[]) => execute(await world.clone(database), statements);
const asAdmin = async (side: 'source' | 'clone', ...statements: string[]) =>
  execute(await connectBy((database) => world.lab.adminConnection(side, database))('shop'), statements);
const partition = (value: number) => `CREATE TABLE part_${value} PARTITION OF parts FOR VALUES IN (${value})`;
let id = 1_000;
const write = () => onSource('shop', `INSERT INTO orders VALUES (${(id += 10)}, 'written')`);
const worker = async () => {
  const [row] = await asAdmin('clone', `SELECT pid FROM pg_stat_subscription WHERE subname = 'acas_demo_shop'`);
  return row!.pid as number;
};
/**
 * None says that all is well. Between two tries of a worker another condition may be what they see, and what the server
 * counts comes later: so they are asked until each names this one, and are unwell each time.
 */
async function expectUnwell(code: string, seen: RegExp = /./): Promise<Finding> {
  const { plan, finding } = await eventually(async () => {
    const { plan, diagnosis, status } = await looksOf(world);
    expect(planText(plan, plain)).not.toMatch(/The clone follows the source/);
    expect(diagnosisText(diagnosis, plain)).not.toMatch(/^(Ready|Healthy)/m);
    expect([isHealthy(diagnosis), isFollowing(status)]).toEqual([false, false]);
    expect(status.streams[0]!.state).not.toMatch(/streaming|catching up/);
    const finding = plan.findings.find((one) => one.code === code);
    const found = diagnosis.results.some((result) => result.code === code && result.status === 'fail');
    const isNamed = finding !== undefined && found && troubleIn(status.streams[0]!)?.includes(code);
    return isNamed && seen.test(finding.seen) && { plan, finding };
  });
  if (isIdleButUnwell(plan)) await expectRefused(plan);
  return finding;
}

async function expectRefused(plan: Plan): Promise<void> {
  expect(planText(plan, plain)).toContain('No changes to make, but not all is well');
  const blocks = plan.findings.filter(({ severity }) => severity === 'block').map(({ code }) => code);
  // Between two tries of the worker apply writes the connection again, and asks for a proof that cannot be had yet.
  const between = ['APPLY_WORKER_STOPPED', 'CONTINUITY_NOT_PROVEN'];
  expect([...blocks, ...between]).toContain(await refusalOf(world.run('apply')));
}

async function expectWell(): Promise<void> {
  await world.run('apply');
  expect(planText(await world.plan(), plain)).toMatch(FOLLOWS);
}

const printed = async (code: string) => (await world.plan()).findings.find((one) => one.code === code)!;
async function fix(carry: (client: Client) => Promise<void>): Promise<void> {
  const client = await world.clone('shop');
  await carry(client).finally(() => client.end());
}

stage('all is well, before anything happens and once everything is mended', allIsWell);
async function allIsWell(): Promise<void> {
  await world.run('apply');
  const { plan, diagnosis, status } = await looksOf(world);
  expect(planText(plan, plain)).toMatch(FOLLOWS);
  expect(diagnosisText(diagnosis, plain)).toMatch(/^Healthy: environment demo/m);
  expect(isFollowing(status)).toBe(true);
}

stage('PREVIOUS_GROUP_GONE: teardown goes on where the former parameter group was deleted', () => formerGroup(world));

stage('a partition of later, of which every change is skipped until apply adds it', async () => {
  await onClone('shop', partition(2));
  await onSource('shop', partition(2), 'INSERT INTO parts VALUES (1), (2)');
  await eventually(async () => (await onClone('shop', 'SELECT FROM parts')).length === 1);
  const status = await statusOf(world);
  expect([isFollowing(status), troubleIn(status.streams[0]!)]).toEqual([
    false,
    expect.stringContaining('public.part_2'),
  ]);
  expect((await world.plan()).changes.map((change) => change.id)).toContain('target/shop/table/public.part_2');
  expect(isHealthy(await diagnosisOf(world))).toBe(false);
  await onSource('shop', 'DROP TABLE part_2');
  await onClone('shop', 'DROP TABLE part_2');
  await expectWell();
});

stage('a table renamed, and back', () => renameAndBack(world, 'orders', 'orders_2').then(expectWell));
stage('a table that lent its name to another one of the clone', () => lendName(world, 'orders').then(expectWell));
stage('a worker that fails far into a transaction: no progress', () => failFarIn(world).then(expectWell));
stage('a worker that a timeout ends each time: no progress', () => endFarIn(world, asAdmin).then(expectWell));

stage('APPLY_WORKER_FAILING: a row of the same key on the clone', async () => {
  await onClone('shop', `INSERT INTO orders VALUES (${id + 10}, 'of the clone')`);
  await write();
  const finding = await expectUnwell(
    'APPLY_WORKER_FAILING',
    new RegExp(
      `fails again and again, \\d+ errors by now, the last at (20\\S+Z); the clone's log has at \\1: a row of the same key stands there already \\(table public.orders, constraint orders_pkey, key id = ${id}\\), in the transaction that ends at [0-9A-F]+/`,
    ),
  );
  await fix((client) => carryOut(finding, client, 'APPLY_WORKER_FAILING'));
  await expectWell();
});

stage('APPLY_WORKER_FAILING: another type, a column that is missing', async () => {
  await onClone('shop', 'ALTER TABLE orders ALTER note TYPE integer USING 1');
  await write();
  await eventually(async () => (await printed('APPLY_WORKER_FAILING')) !== undefined);
  await onClone('shop', 'ALTER TABLE orders ALTER note TYPE text');
  // The stream goes on, but USING has made other rows of those that were there.
  expect(await refusalOf(world.run('apply'))).toBe('STREAM_BROKEN');
  await onClone('shop', 'ALTER TABLE orders DROP note');
  await write();
  await expectUnwell('APPLY_WORKER_FAILING');
  await asAdmin('clone', 'ALTER DATABASE shop SET default_transaction_read_only = on');
  await fix(async (client) => carryOut(await printed('COLUMNS_DIFFER'), client, 'COLUMNS_DIFFER'));
  await asAdmin('clone', 'SET default_transaction_read_only = off', 'ALTER DATABASE shop RESET ALL');
  // What the clone lost by that goes on both sides.
  await onSource('shop', 'DELETE FROM orders');
  expect(await world.run('apply')).toBe('applied');
  await expectWell();
});

stage('APPLY_WORKER_WAITS: a lock that somebody holds', async () => {
  const holder = await world.clone('shop');
  holder.on('error', () => undefined);
  await holder.query(`SET application_name = 'a dump'`);
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE orders IN SHARE MODE');
  await write();
  const finding = await expectUnwell(
    'APPLY_WORKER_WAITS',
    /waits for a lock of table public\.orders; it is held by process \d+ \(\w+, a dump\) since 20\S+Z, its transaction open for \d+ s, idle in transaction, last statement: LOCK TABLE orders IN SHARE MODE$/,
  );
  // As after wal_sender_timeout: the worker waits on, and nobody reads its slot.
  await asAdmin('source', `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active`);
  await eventually(
    async () =>
      (await asAdmin('source', `SELECT FROM pg_replication_slots WHERE active AND slot_name = 'acas_demo_shop'`))
        .length === 0,
  );
  expect((await expectUnwell('APPLY_WORKER_WAITS')).next).toBe(finding.next);
  await fix((client) => carryOut(finding, client, 'APPLY_WORKER_WAITS'));
  await holder.end().catch(() => undefined);
  await expectWell();
});

stage('APPLY_WORKER_SILENT: a worker that hangs', async () => {
  const pid = await worker();
  process.kill(pid, 'SIGSTOP');
  await write();
  const finding = await expectUnwell('APPLY_WORKER_SILENT', new RegExp(`process ${pid}`));
  await fix((client) => carryOut(finding, client, 'APPLY_WORKER_SILENT'));
  process.kill(pid, 'SIGCONT');
  await expectWell();
});

stage('STREAM_NOT_STREAMING: a worker that hangs, and the source has given it up', async () => {
  const pid = await worker();
  process.kill(pid, 'SIGSTOP');
  await asAdmin(
    'source',
    `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'acas_demo_shop'`,
  );
  await eventually(
    async () =>
      !(await asAdmin('source', `SELECT active FROM pg_replication_slots WHERE slot_name = 'acas_demo_shop'`))[0]!
        .active,
  );
  const finding = await expectUnwell('STREAM_NOT_STREAMING', new RegExp(`process ${pid}`));
  await fix((client) => carryOut(finding, client, 'STREAM_NOT_STREAMING'));
  process.kill(pid, 'SIGCONT');
  await expectWell();
});

stage('SUBSCRIPTION_DISABLED: by hand', async () => {
  await onClone('shop', 'ALTER SUBSCRIPTION acas_demo_shop DISABLE');
  await write();
  const finding = await expectUnwell('SUBSCRIPTION_DISABLED');
  const [verb] = printedRun(finding, 'SUBSCRIPTION_DISABLED');
  await world.run(verb as PlanMode);
  await expectWell();
});

stage('SOURCE_REFUSES_LOGIN and APPLY_WORKER_STOPPED: a password changed beside the secret', async () => {
  await onSource('shop', `ALTER ROLE acas_demo PASSWORD 'Changed-by-hand-1'`);
  await expect(diagnosisOf(world)).resolves.toMatchObject({
    results: expect.arrayContaining([expect.objectContaining({ code: 'SOURCE_REFUSES_LOGIN', status: 'fail' })]),
  });
  await asAdmin('source', `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active`);
  await expectUnwell(
    'APPLY_WORKER_STOPPED',
    /the clone's log has at 20\S+Z: .*password authentication failed for user "acas_demo"$/,
  );
  const [verb] = printedRun(await printed('SOURCE_REFUSES_LOGIN'), 'SOURCE_REFUSES_LOGIN');
  await world.run(verb as PlanMode);
  await allIsWell();
});

stage('a stream that is stopped while apply waits for it ends the wait, which names it', async () => {
  await disabledMeanwhile(world);
  await expectWell();
});

stage('PUBLICATION_NOT_OWNED: what apply cannot mend is refused, although it mends something else', async () => {
  await notOwned(world, asAdmin).then(expectWell);
});

stage('INHERITED_COPY_GONE, then HEARTBEAT_MISSING: what tells of alterations, and beats, is gone', async () => {
  await onClone('shop', 'DROP PUBLICATION acas_demo_shop');
  expect((await printed('INHERITED_COPY_GONE')).next).toContain('sql-runner reset demo');
  expect(isFollowing(await statusOf(world))).toBe(false);
  expect(isHealthy(await diagnosisOf(world))).toBe(false);
  expect(await refusalOf(world.run('apply'))).toBe('INHERITED_COPY_GONE');
  await world.run('reset');
  await withoutHeartbeat(world);
  await expectWell();
});
