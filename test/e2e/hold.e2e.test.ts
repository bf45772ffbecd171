import { readFileSync } from 'node:fs';
import { serverOf } from '../../lab/servers';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { seedWorkload } from '../../lab/workload/seed';
import { startWriters, type Writers } from '../../lab/workload/writers';
import { isHealthy } from '../../sql-runner/actions/doctor';
import type { EngineEvent } from '../../sql-runner/model/events';
import type { Finding } from '../../sql-runner/model/change';
import type { Plan, PlanMode } from '../../sql-runner/model/plan';
import { costOfHold } from '../../sql-runner/resources/hold-costs';
import type { OperatorError } from '../../errors/operator-error';
import { parseMark } from '../../sql-runner/model/mark';
import { awsCommand } from '../support/aws-command';
import { printedAwsCommand, printedNewClone, printedRun } from '../sql-runner/checks/printed-fix';
import { clientOf } from '../lab/aws/support';
import { applyOf, IN_SYNC, quietIn, saysEqual } from './support/continuity-said';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { eventually } from '../support/eventually';
import { diagnosisOf, statusOf } from './support/looks';
import { crash } from './support/older-files';
import { execute, reconnectSooner, storeOtherPassword } from './support/provocations';
import { compareRows } from './support/row-comparison';
import { advance } from './support/slot-moves';

/** Streams that are held by consent, and go on; the password of the role, changed while they run. */

const stage = stagesInOrder();
const [SHOP, LEDGER] = ['acas_demo_shop', 'acas_demo_ledger'];
let world: DirectLab;
let writers: Writers | null = null;
let deployment: Finding;

beforeAll(async () => {
  world = await DirectLab.start('hold');
  await seedWorkload(world.source, { rows: 5_000 });
  const rotation = one(await world.plan('rotate'), 'NOTHING_TO_ROTATE');
  await world.run('apply');
  await world.follow(printedRun(rotation, 'NOTHING_TO_ROTATE'));
  await world.deployTarget();
  await reconnectSooner(world);
  const hold = one(await world.plan('hold'), 'NOTHING_TO_HOLD');
  const resume = one(await world.plan('resume'), 'NOTHING_TO_RESUME');
  await world.follow(printedRun(hold, 'NOTHING_TO_HOLD'));
  expect(await world.follow(printedRun(resume, 'NOTHING_TO_RESUME'))).toBe('nothing-to-do');
});
afterAll(async () => {
  await writers?.stop().catch(() => undefined);
  await world?.lab.down();
});

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (database: string, ...statements: string[]) => execute(await world.clone(database), statements);

/** What it said on its way, and how it ended. */
async function said(mode: PlanMode, survives = Infinity): Promise<{ code: string; plan: Plan; events: EngineEvent[] }> {
  const events: EngineEvent[] = [];
  const done = () => events.filter(({ type }) => type === 'change-finished').length;
  const run = world.run(mode, { listener: (event) => events.push(event), interrupted: () => done() >= survives });
  const code = await run.catch((error: unknown) => (error as OperatorError).code);
  const planned = events.find((event) => event.type === 'planned');
  return { code, plan: planned?.plan ?? (await world.plan(mode)), events };
}
const codesOf = ({ findings }: Plan) => findings.map(({ code }) => code);
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

stage('a hold that is stopped while it waits for the clone has made nothing, and says so', async () => {
  const events: EngineEvent[] = [];
  const interrupted = () => events.some(({ type }) => type === 'change-started');
  await world.run('hold', { listener: (event) => events.push(event), interrupted });
  expect(events.map(({ type }) => type)).not.toContain('change-finished');
  expect(events.at(-1)).toMatchObject({ type: 'interrupted', made: 0, remaining: 3, next: 'source/drain/demo' });
});

stage('held under writers: drained first, recorded, told by every command, and left alone by apply', async () => {
  await start();
  const { plan, events, code } = await said('hold', 2);
  expect(code).toBe('interrupted');
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'source/drain/demo',
    'target/shop/subscription-hold/acas_demo_shop',
    'target/ledger/subscription-hold/acas_demo_ledger',
  ]);
  const [arrived, begun] = [
    events.findIndex(({ type }) => type === 'in-sync'),
    events.findLastIndex(({ type }) => type === 'change-started'),
  ];
  expect(arrived).toBeGreaterThan(0);
  expect(arrived).toBeLessThan(begun);
  // A run that died after its first stream is carried on.
  expect((await said('hold')).plan.changes.map(({ id }) => id)).toEqual([
    'source/drain/demo',
    'target/ledger/subscription-hold/acas_demo_ledger',
  ]);
  expect(one(plan, 'HOLD_KEEPS_WAL').seen).toContain('2 slots of demo');
  // Which count it is in is known from PostgreSQL 15 on.
  const kept = Object.keys((await held())!).filter((name) => name !== 'counting');
  expect(kept.sort()).toEqual(['at', 'confirmed', 'origin', 'version']);
  const planned = await world.plan();
  expect([planned.changes, codesOf(planned)]).toEqual([[], ['STREAM_HELD', 'STREAM_HELD']]);
  expect(await applyOf(world)).toEqual({ code: 'STREAM_HELD', inSync: false });
  const diagnosis = await diagnosisOf(world);
  const statuses = diagnosis.results.map(({ code: found, status }) => [found, status]);
  expect(statuses).toContainEqual(['STREAM_HELD', 'warn']);
  expect(statuses).toContainEqual(['SUBSCRIPTION_DISABLED', 'pass']);
  expect(isHealthy(diagnosis)).toBe(true);
  expect((await world.plan('hold')).nextStep!.command).toBe('sql-runner resume demo');
});

stage('rotated meanwhile, and both servers crash: it goes on where it was, without a comparison of rows', async () => {
  expect(await world.run('rotate')).toBe('applied');
  expect(await stop()).toBeGreaterThan(0);
  await crash(world, 'source');
  await crash(world, 'clone');
  const told = one(await world.plan(), 'STREAM_HELD');
  const keeps = one(await world.plan('hold'), 'HOLD_KEEPS_WAL');
  const { code, plan } = await said('resume');
  expect(code).toBe('applied');
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'target/shop/subscription-enabled/acas_demo_shop',
    'target/ledger/subscription-enabled/acas_demo_ledger',
  ]);
  await equal();
  expect(await held()).toBeUndefined();
  await quietIn(world);
  expect(await world.follow(printedRun(told, 'STREAM_HELD'))).toBe('nothing-to-do');
  expect(await world.follow(printedRun(keeps, 'HOLD_KEEPS_WAL'))).toBe('nothing-to-do');
});

stage('a subscription that somebody altered while it was held: resumed with every row compared', async () => {
  await world.run('hold');
  const set = (value: boolean) => `ALTER SUBSCRIPTION acas_demo_shop SET (binary = ${value})`;
  await onClone('shop', set(true), set(false));
  const { findings } = await world.plan('resume');
  const doubt = findings.find(({ code }) => code === 'CONTINUITY_NOT_PROVEN')!;
  expect(await world.follow(printedRun(doubt, 'CONTINUITY_NOT_PROVEN'))).toBe('applied');
  await equal();
  await quietIn(world);
});

stage('enabled by hand for a moment while it was held: still held, told as what it is, and resumed', async () => {
  await world.run('hold');
  await onSource('shop', 'UPDATE customers SET tier = tier WHERE id = (SELECT min(id) FROM customers)');
  const [row] = await onSource('shop', 'SELECT pg_current_wal_flush_lsn()::text AS lsn');
  await onClone('shop', `ALTER SUBSCRIPTION ${SHOP} ENABLE`);
  const at = (so: string) => onSource('shop', `SELECT FROM pg_replication_slots WHERE slot_name = '${SHOP}' AND ${so}`);
  await eventually(async () => (await at(`confirmed_flush_lsn >= '${String(row!.lsn)}'`)).length === 1);
  await onClone('shop', `ALTER SUBSCRIPTION ${SHOP} DISABLE`);
  await eventually(async () => (await at('NOT active')).length === 1);
  const shop = (await statusOf(world)).streams.find(({ slot: name }) => name === SHOP)!;
  expect([shop.state, shop.problems[0]!.seen]).toEqual(['held', expect.stringContaining('somebody has altered')]);
  const doubt = one(await world.plan('resume'), 'CONTINUITY_NOT_PROVEN');
  expect(await world.follow(printedRun(doubt, 'CONTINUITY_NOT_PROVEN'))).toBe('applied');
  await equal();
  await quietIn(world);
});

stage('rotated under writers, also by runs that die: no login is refused, all are of the new password', async () => {
  await start();
  const [before, refused] = [await senders(), refusedLogins()];
  expect((await said('rotate')).code).toBe('applied');
  const after = await senders();
  expect(after).toHaveLength(2);
  expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  // The role has the new one, and no subscription yet: who is connected goes on.
  expect((await said('rotate', 1)).code).toBe('interrupted');
  expect(await senders()).toEqual(after);
  expect(await applyOf(world)).toEqual(IN_SYNC);
  expect(refusedLogins()).toBe(refused);
  // The secret has a new one, and the role not yet: as a run leaves it that dies in its first step.
  await storeOtherPassword(world);
  await onSource('shop', 'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
  await eventually(async () => (await statusOf(world)).streams.every(({ problems }) => problems.length === 0));
  const refuses = (await diagnosisOf(world)).results.find(({ code }) => code === 'SOURCE_REFUSES_LOGIN')!;
  expect(refuses.status).toBe('warn');
  expect(await world.follow(printedRun(refuses.findings[0]!, 'SOURCE_REFUSES_LOGIN'))).toBe('applied');
  expect((await said('rotate')).code).toBe('applied');
  expect(await stop()).toBeGreaterThan(0);
  await equal();
  await quietIn(world);
});

stage('a Blue/Green deployment is named, and deleted as printed', async () => {
  const config = clientOf(world.lab, world.contract.account.accountId);
  const { identifier, arn } = world.contract.cluster;
  expect(codesOf(await world.plan('hold'))).not.toContain('BLUE_GREEN_DEPLOYMENT');
  const create = ['rds', 'create-blue-green-deployment', '--source', arn, '--blue-green-deployment-name', 'upgrade'];
  await awsCommand(create, config);
  deployment = one(await world.plan('hold'), 'BLUE_GREEN_DEPLOYMENT');
  expect(deployment.seen).toBe(`${identifier} is part of the Blue/Green deployment upgrade (AVAILABLE)`);
  await awsCommand(printedAwsCommand(deployment, 'BLUE_GREEN_DEPLOYMENT'), config);
  expect(codesOf(await world.plan('hold'))).not.toContain('BLUE_GREEN_DEPLOYMENT');
});

stage('a slot that somebody moved while it was held: refused. Given up, as for an upgrade: a new clone', async () => {
  await world.run('hold');
  await onSource('ledger', 'CREATE TABLE public.other ()', 'DROP TABLE public.other', ...advance(LEDGER));
  const { code, plan } = await said('resume');
  expect([code, plan.changes.length]).toEqual(['HOLD_BROKEN', 1]);
  const broken = one(plan, 'HOLD_BROKEN');
  expect(broken.seen).toContain('database ledger');
  expect(codesOf(await world.plan())).toEqual(['HOLD_BROKEN']);
  const release = one(await world.plan('release'), 'HOLD_RELEASES_SLOTS');
  const server = { versionNum: 160_000, maxSlotWalKeepSize: -1 };
  const upgrade = one({ findings: costOfHold(world.contract, { server, slots: [] }, false) }, 'HOLD_AND_UPGRADE');
  expect(await world.follow(printedRun(upgrade, 'HOLD_AND_UPGRADE'))).toBe('applied');
  expect(await onSource('shop', `SELECT FROM pg_replication_slots WHERE slot_name LIKE 'acas_demo_%'`)).toEqual([]);
  expect((await said('resume')).code).toBe('SLOT_LOST');
  const [reset, deploy, apply] = printedNewClone(broken, 'HOLD_BROKEN');
  expect([reset!.join(' '), deploy!.join(' ')]).toEqual(['reset demo', 'deploy demo-target']);
  await world.follow(printedRun(release, 'HOLD_RELEASES_SLOTS'));
  await world.deployTarget();
  await world.follow(apply!);
  await equal();
  await world.follow(printedRun(deployment, 'BLUE_GREEN_DEPLOYMENT'));
  expect(await onSource('shop', `SELECT FROM pg_replication_slots WHERE slot_name LIKE 'acas_demo_%'`)).toEqual([]);
});

async function senders(): Promise<number[]> {
  const rows = await onSource('shop', `SELECT active_pid AS pid FROM pg_replication_slots ORDER BY slot_name`);
  return rows.map(({ pid }) => Number(pid));
}

/** How often the source has refused the replication role. */
function refusedLogins(): number {
  const log = readFileSync(serverOf(world.lab, 'source').logFile, 'utf8');
  return log.split('password authentication failed for user "acas_demo"').length - 1;
}
