import { connectBy } from '../../lab/connections';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { seedWorkload } from '../../lab/workload/seed';
import { startWriters, type Writers } from '../../lab/workload/writers';
import { isHealthy } from '../../sql-runner/actions/doctor';
import type { EngineEvent } from '../../sql-runner/model/events';
import type { Finding } from '../../sql-runner/model/change';
import type { Plan, PlanMode } from '../../sql-runner/model/plan';
import { parseMark } from '../../sql-runner/model/mark';
import { awsCommand } from '../support/aws-command';
import { printedAwsCommand, printedNewClone, printedRun } from '../sql-runner/checks/printed-fix';
import { clientOf } from '../lab/aws/support';
import { applyOf, IN_SYNC, quietIn, saysEqual } from './support/continuity-said';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf } from './support/looks';
import { crash } from './support/older-files';
import { execute } from './support/provocations';
import { compareRows } from './support/row-comparison';
import { advance } from './support/slot-moves';

/** Streams that are held by consent, and go on; the password of the role, changed while they run. */

const stage = stagesInOrder();
const [SHOP, LEDGER] = ['acas_demo_shop', 'acas_demo_ledger'];
let world: DirectLab;
let writers: Writers | null = null;

beforeAll(async () => {
  world = await DirectLab.start('hold');
  await seedWorkload(world.source, { rows: 5_000 });
  await world.run('apply');
  await world.deployTarget();
  const admin = connectBy((database) => world.lab.adminConnection('clone', database));
  const sooner = [`ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`, 'SELECT pg_reload_conf()'];
  await execute(await admin('shop'), sooner);
  await world.run('apply');
});
afterAll(async () => {
  await writers?.stop().catch(() => undefined);
  await world?.lab.down();
});

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (database: string, ...statements: string[]) => execute(await world.clone(database), statements);

/** What it said on its way, and how it ended. */
async function said(mode: PlanMode): Promise<{ code: string; plan: Plan; events: EngineEvent[] }> {
  const events: EngineEvent[] = [];
  const code = await refusalOf(world.run(mode, { listener: (event) => events.push(event) }));
  const planned = events.find((event) => event.type === 'planned');
  return { code, plan: planned?.plan ?? (await world.plan(mode)), events };
}
const one = ({ findings }: { findings: readonly Finding[] }, code: string): Finding => {
  const found = findings.find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`no ${code} among ${findings.map((finding) => finding.code).join(', ')}`);
  return found;
};
const MARK = `SELECT obj_description(oid, 'pg_subscription') AS mark FROM pg_subscription WHERE subname = '${SHOP}'`;
/** Of the subscription of shop. */
const held = async () => {
  const mark = parseMark(String((await onClone('shop', MARK))[0]!.mark));
  return mark?.kind === 'subscription' ? mark.held : null;
};
const equal = async () => {
  await waitUntilCaughtUp(world.source, [SHOP, LEDGER]);
  for (const database of ['shop', 'ledger'])
    expect((await compareRows(world.source, world.clone, database)).differences).toEqual([]);
  expect(await saysEqual(world)).toBe(true);
};
const start = async () => void (writers = await startWriters(world.source, { writers: 2, seed: 7 }));
const stop = async () => {
  const counts = await writers!.stop();
  writers = null;
  return counts.committed;
};

stage('held under writers: drained first, recorded, told by every command, and left alone by apply', async () => {
  await start();
  const { code, plan, events } = await said('hold');
  expect(code).toBe('nothing was refused');
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'source/drain/demo',
    'target/shop/subscription-hold/acas_demo_shop',
    'target/ledger/subscription-hold/acas_demo_ledger',
  ]);
  expect(events.findIndex(({ type }) => type === 'in-sync')).toBeLessThan(
    events.findLastIndex(({ type }) => type === 'change-started'),
  );
  expect(one(plan, 'HOLD_KEEPS_WAL').seen).toContain('2 slots of demo');
  expect(Object.keys((await held())!).sort()).toEqual(['at', 'confirmed', 'origin', 'version']);
  const planned = await world.plan();
  expect([planned.changes, planned.findings.map(({ code: found }) => found)]).toEqual([
    [],
    ['STREAM_HELD', 'STREAM_HELD'],
  ]);
  expect(await applyOf(world)).toEqual({ code: 'STREAM_HELD', inSync: false });
  const diagnosis = await diagnosisOf(world);
  const statuses = diagnosis.results.map(({ code: found, status }) => [found, status]);
  expect(statuses).toContainEqual(['STREAM_HELD', 'warn']);
  expect(statuses).toContainEqual(['SUBSCRIPTION_DISABLED', 'pass']);
  expect(isHealthy(diagnosis)).toBe(true);
  // Once more there is nothing to do.
  expect([await world.run('hold'), (await world.plan('hold')).nextStep!.command]).toEqual([
    'nothing-to-do',
    'sql-runner resume demo',
  ]);
});

stage('both servers crash and come back, and it goes on where it was, without a comparison of rows', async () => {
  expect(await stop()).toBeGreaterThan(0);
  await crash(world, 'source');
  await crash(world, 'clone');
  const told = one(await world.plan(), 'STREAM_HELD');
  const { code, plan } = await said('resume');
  expect(code).toBe('nothing was refused');
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'target/shop/subscription-enabled/acas_demo_shop',
    'target/ledger/subscription-enabled/acas_demo_ledger',
  ]);
  await equal();
  expect(await held()).toBeUndefined();
  await quietIn(world);
  expect(await world.run('resume')).toBe('nothing-to-do');
  expect(await world.follow(printedRun(told, 'STREAM_HELD'))).toBe('nothing-to-do');
});

stage('a run of hold that died after its first stream is carried on, and all goes on', async () => {
  expect(await world.runAndDie('hold', 2)).toHaveLength(2);
  expect((await world.plan('hold')).changes.map(({ id }) => id)).toEqual([
    'source/drain/demo',
    'target/ledger/subscription-hold/acas_demo_ledger',
  ]);
  await world.run('hold');
  expect((await said('resume')).code).toBe('nothing was refused');
  await quietIn(world);
});

stage(
  'rotated under writers, with a run that dies after each step: no stream stops, all log in with the new one',
  async () => {
    await start();
    const before = await logins();
    // Not a step of the run, so that the next one finds what each of them leaves.
    expect(await world.runAndDie('rotate', 1)).toEqual(['source/role-password/acas_demo']);
    expect(await world.runAndDie('rotate', 2)).toHaveLength(2);
    expect((await said('rotate')).code).toBe('nothing was refused');
    expect((await logins()).map(({ since }) => since).every((since) => before.every((old) => since > old.since))).toBe(
      true,
    );
    expect(await world.runAndDie('rotate', 1)).toHaveLength(1);
    expect(await applyOf(world)).toEqual(IN_SYNC);
    expect(await stop()).toBeGreaterThan(0);
    await equal();
    await quietIn(world);
  },
);

async function logins(): Promise<{ since: string }[]> {
  const rows = await onSource(
    'shop',
    `SELECT backend_start::text AS since FROM pg_stat_replication WHERE application_name LIKE 'acas_demo_%'`,
  );
  return rows.map(({ since }) => ({ since: String(since) }));
}

stage('rotated while it is held: it goes on with the new password, and nothing is compared', async () => {
  await world.run('hold');
  expect(await world.run('rotate')).toBe('applied');
  expect((await said('resume')).plan.changes.map(({ id }) => id)).toHaveLength(2);
  await equal();
  await quietIn(world);
});

stage('what production asks for beside: a Blue/Green deployment is named, and deleted as printed', async () => {
  const config = clientOf(world.lab, world.contract.account.accountId);
  const { identifier, arn } = world.contract.cluster;
  expect((await world.plan('hold')).findings.map(({ code }) => code)).not.toContain('BLUE_GREEN_DEPLOYMENT');
  const create = ['rds', 'create-blue-green-deployment', '--source', arn, '--blue-green-deployment-name', 'upgrade'];
  await awsCommand(create, config);
  const found = one(await world.plan('hold'), 'BLUE_GREEN_DEPLOYMENT');
  expect(found.seen).toBe(`${identifier} is part of the Blue/Green deployment upgrade (AVAILABLE)`);
  await awsCommand(printedAwsCommand(found, 'BLUE_GREEN_DEPLOYMENT'), config);
  expect((await world.plan('hold')).findings.map(({ code }) => code)).not.toContain('BLUE_GREEN_DEPLOYMENT');
});

stage(
  'a slot or an origin that somebody moved while it was held: refused, and a new clone is the way out',
  async () => {
    await world.run('hold');
    await onSource(
      'shop',
      `INSERT INTO customers (name, email) SELECT name, 'x' || email FROM customers LIMIT 1`,
    ).catch(() => undefined);
    await onSource('ledger', 'CREATE TABLE public.other ()', 'DROP TABLE public.other');
    await onSource('ledger', ...advance(LEDGER));
    const { code, plan } = await said('resume');
    expect([code, plan.changes]).toEqual(['HOLD_BROKEN', []]);
    const broken = one(plan, 'HOLD_BROKEN');
    expect(broken.seen).toContain('database ledger');
    expect(await applyOf(world)).toMatchObject({ inSync: false });
    const [reset, , apply] = printedNewClone(broken, 'HOLD_BROKEN');
    await world.follow(reset!);
    await world.deployTarget();
    await world.follow(apply!);
    await equal();
  },
);

stage('held for good: the slots go, a resume is refused, and the next step makes a new clone', async () => {
  const keeps = one(await world.plan('hold'), 'HOLD_KEEPS_WAL');
  const release = one(await world.plan('release'), 'HOLD_RELEASES_SLOTS');
  expect(keeps.next).toContain('sql-runner resume demo ends it');
  await world.run('hold');
  // What frees production is printed after the resume that it is the alternative to.
  expect(await world.run('release')).toBe('applied');
  expect(await onSource('shop', `SELECT FROM pg_replication_slots WHERE slot_name LIKE 'acas_demo_%'`)).toEqual([]);
  expect(await refusalOf(world.run('resume'))).toBe('SLOT_LOST');
  await world.follow(printedRun(release, 'HOLD_RELEASES_SLOTS'));
  await world.deployTarget();
  expect(await applyOf(world)).toEqual(IN_SYNC);
  await equal();
});
