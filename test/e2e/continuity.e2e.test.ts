import { diagnose } from '../../sql-runner/engine/doctor';
import type { EngineEvent } from '../../sql-runner/engine/events';
import { readStatus } from '../../sql-runner/engine/status';
import { planText } from '../../sql-runner/render/plan-text';
import { styleFor } from '../../sql-runner/render/style';
import { connectBy } from '../../lab/demo/connections';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { eventually } from '../support/eventually';
import { DirectLab, refusalOf } from './support/direct-lab';
import { execute } from './support/provocations';
import { stagesInOrder } from './support/in-order';

/**
 * Every place where a row could be skipped or repeated after the bootstrap, on
 * real servers. What is lost is named by plan, doctor, status and apply; what
 * is not lost raises no alarm that one apply does not end.
 */
jest.setTimeout(240_000);

const stage = stagesInOrder();
const SLOT = 'acas_demo_shop';
let world: DirectLab;
let next = 1;

beforeAll(async () => {
  world = await DirectLab.start('continuity');
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY)');
  await onSource('ledger', 'CREATE TABLE accounts (id bigint PRIMARY KEY)', 'CREATE SCHEMA "Audit"');
  await onSource('ledger', 'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)');
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
});
afterAll(() => world?.lab.down());

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (database: string, ...statements: string[]) => execute(await world.clone(database), statements);
const asAdmin = async (...statements: string[]) =>
  execute(await connectBy((database) => world.lab.adminConnection('clone', database))('shop'), statements);

const write = () => onSource('shop', `INSERT INTO orders VALUES (${next++})`);
/** WAL that holds nothing for the stream. */
const otherWal = () => onSource('shop', 'CREATE TABLE public.other ()', 'DROP TABLE public.other');

async function disable(): Promise<void> {
  await onClone('shop', `ALTER SUBSCRIPTION ${SLOT} DISABLE`);
  const idle = `SELECT FROM pg_replication_slots WHERE slot_name = '${SLOT}' AND NOT active`;
  await eventually(async () => (await onSource('shop', idle)).length === 1);
}

const ids = 'SELECT id::text FROM orders ORDER BY id';
const missing = async () => {
  const there = new Set((await onClone('shop', ids)).map(({ id }) => id));
  return (await onSource('shop', ids)).map(({ id }) => String(id)).filter((id) => !there.has(id));
};

/** What a run of apply says and how it ends. */
async function applied(): Promise<{ code: string; inSync: boolean }> {
  const events: EngineEvent[] = [];
  const code = await refusalOf(world.run('apply', { listener: (event) => events.push(event), syncTimeoutMs: 20_000 }));
  return { code, inSync: events.some(({ type }) => type === 'in-sync') };
}

async function named(): Promise<string[]> {
  const plan = await world.plan();
  const codes = plan.findings.map(({ code }) => code);
  const { results } = await diagnose(world.contracts);
  const doubts = (await readStatus(world.contracts)).streams.filter(({ doubt }) => doubt !== null);
  expect(planText(plan, styleFor(process.stdout, true))).not.toMatch(/No changes/);
  for (const code of codes)
    expect(results).toContainEqual(expect.objectContaining({ code, status: expect.stringMatching(/fail|warn/) }));
  expect(doubts).toMatchObject([{ database: 'shop', state: expect.not.stringMatching('streaming') }]);
  return codes;
}

/** Rows are missing: everybody says that it is not proven, and apply that it is broken. */
async function expectLoss(): Promise<void> {
  expect(await named()).toEqual(['CONTINUITY_NOT_PROVEN']);
  expect(await applied()).toEqual({ code: 'STREAM_BROKEN', inSync: false });
  expect(await missing()).not.toEqual([]);
  // Enabled by now, and remembered all the same.
  await write();
  await waitUntilCaughtUp(world.source, [SLOT]);
  expect(await named()).toEqual(['CONTINUITY_NOT_PROVEN']);
  expect(await applied()).toEqual({ code: 'STREAM_BROKEN', inSync: false });
  for (const id of await missing()) await onClone('shop', `INSERT INTO orders VALUES (${id})`);
  await expectProof();
}

/** Nothing is missing: one apply proves it by the rows, and the next has nothing to do. */
async function expectProof(): Promise<void> {
  expect(await named()).toEqual(['CONTINUITY_NOT_PROVEN']);
  expect(await applied()).toEqual({ code: 'nothing was refused', inSync: true });
  expect(await missing()).toEqual([]);
  await expectQuiet();
}

async function expectQuiet(): Promise<void> {
  expect(await world.plan()).toMatchObject({ changes: [], findings: [] });
  const { streams } = await readStatus(world.contracts);
  expect(streams).toMatchObject([
    { state: 'streaming', doubt: null },
    { state: 'streaming', doubt: null },
  ]);
}

const advance = `SELECT pg_replication_slot_advance('${SLOT}', pg_current_wal_flush_lsn())`;
const consume = `SELECT count(*) FROM pg_logical_slot_get_binary_changes('${SLOT}', NULL, NULL, 'proto_version', '1', 'publication_names', '${SLOT}')`;
const remake = [
  `SELECT pg_drop_replication_slot('${SLOT}')`,
  `SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`,
];
const moveOrigin = (lsn: string) =>
  `SELECT pg_replication_origin_advance('pg_' || oid, ${lsn}) FROM pg_subscription WHERE subname = '${SLOT}'`;

stage('a stream that follows is in sync, idle or busy, and after either server was restarted', async () => {
  await expectQuiet();
  await write();
  await otherWal();
  expect(await applied()).toEqual({ code: 'nothing was refused', inSync: true });
  await expectQuiet();
});

stage('disabled by hand: nothing was lost, whatever the slot has confirmed', async () => {
  await otherWal();
  await waitUntilCaughtUp(world.source, [SLOT]);
  await disable();
  await expectProof();
  await disable();
  await write();
  await expectProof();
});

const MOVED: [string, () => Promise<unknown>][] = [
  ['the slot was advanced', () => onSource('shop', advance)],
  ['the slot was read', () => onSource('shop', consume)],
  ['the slot was made again', () => onSource('shop', ...remake)],
];
for (const [name, move] of MOVED) {
  stage(`${name} while disabled, over rows`, async () => {
    await disable();
    await write();
    await move();
    await expectLoss();
  });
  stage(`${name} while disabled, over nothing of ours`, async () => {
    await disable();
    await otherWal();
    await move();
    await expectProof();
  });
}

stage('moved between plan and ENABLE', async () => {
  await disable();
  await otherWal();
  const confirm = (statement: string) => async () => (await onSource('shop', statement), true);
  expect(await refusalOf(world.run('apply', { confirm: confirm(advance) }))).toBe('STREAM_MOVED');
  const confirmed = async () => (await asAdmin(moveOrigin(`'0/1'`)), true);
  expect(await refusalOf(world.run('apply', { confirm: confirmed }))).toBe('ORIGIN_BEHIND_SEED');
  await asAdmin(moveOrigin(`'${await seedLsn()}'`));
  await expectProof();
});

stage('the origin was moved ahead of rows that the slot still holds', async () => {
  await disable();
  await write();
  const [{ lsn }] = (await onSource('shop', 'SELECT pg_current_wal_flush_lsn()::text AS lsn')) as [{ lsn: string }];
  await asAdmin(moveOrigin(`'${lsn}'`));
  await expectLoss();
});

async function seedLsn(): Promise<string> {
  const mark = `SELECT obj_description(oid, 'pg_subscription')::text AS text FROM pg_subscription WHERE subname = '${SLOT}'`;
  const [{ text }] = (await onClone('shop', mark)) as [{ text: string }];
  return /"seedLsn":"([^"]+)"/.exec(text)![1]!;
}

stage('the origin was moved back', async () => {
  await disable();
  await asAdmin(moveOrigin(`'${await seedLsn()}'`));
  await expectProof();
});

stage('the origin was moved beyond what the source has written', async () => {
  await disable();
  await asAdmin(moveOrigin(`'FFF/0'`));
  expect(await named()).toEqual(['SOURCE_PUT_BACK']);
  expect(await applied()).toEqual({ code: 'SOURCE_PUT_BACK', inSync: false });
});
