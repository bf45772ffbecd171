import { connectBy } from '../../lab/connections';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import type { OperatorError } from '../../errors/operator-error';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { statusOf } from './support/looks';
import { applyOf, doubtedIn, IN_SYNC, quietIn, saysEqual } from './support/continuity-said';
import { DirectLab, refusalOf } from './support/direct-lab';
import { readBeats, replaceBeats, writeBeat } from './support/beats';
import { crash, keepFiles, muchWal } from './support/older-files';
import { disableBy, dropOrigin, remakeSubscription } from './support/subscription-moves';
import { insertsOnlyForAWhile, remakePublication } from './support/publication-moves';
import { execute } from './support/provocations';
import { PARTS, unloggedForAWhile } from './support/unlogged-for-a-while';
import { missingIds, ORDER_IDS } from './support/missing-ids';
import { advance, consume, moveOrigin, remake } from './support/slot-moves';
import { stagesInOrder } from './support/in-order';

/** Every place where a row could be skipped after the bootstrap: what is lost is named, the rest ends with one apply. */

const stage = stagesInOrder();
const SLOT = 'acas_demo_shop';
const OTHER = 'acas_demo_ledger';
const BEATS = `${SLOT}.acas_heartbeat`;
let world: DirectLab;
let next = 1;

beforeAll(async () => {
  world = await DirectLab.start('continuity');
  const table = (name: string) => `CREATE TABLE ${name} (id bigint PRIMARY KEY)`;
  await onSource('shop', table('orders'), PARTS);
  await onSource('ledger', table('accounts'), 'CREATE SCHEMA "Audit"', table('"Audit"."Log"'));
});
afterAll(() => world?.lab.down());

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (database: string, ...statements: string[]) => execute(await world.clone(database), statements);
const asAdmin = async (database: string, statement: string, side: 'source' | 'clone' = 'clone') =>
  execute(await connectBy((name) => world.lab.adminConnection(side, name))(database), [statement]);

const write = () => onSource('shop', `INSERT INTO orders VALUES (${next++})`);
const otherWal = () => onSource('shop', 'CREATE TABLE public.other ()', 'DROP TABLE public.other');

const disable = () => disableBy(world, 'shop');
const disableBoth = async () => (await disable(), await disableBy(world, 'ledger'));
const reading = `SELECT FROM pg_replication_slots WHERE slot_name = '${SLOT}' AND active`;
const missing = async () => missingIds(await onClone('shop', ORDER_IDS), await onSource('shop', ORDER_IDS));
const giveBack = async () => {
  for (const id of await missing()) await onClone('shop', `INSERT INTO orders VALUES (${id})`);
};
const applied = () => applyOf(world);
const doubted = (code: string) => doubtedIn(world, code);
const expectQuiet = () => quietIn(world);
const flushed = async () => String((await onSource('shop', 'SELECT pg_current_wal_flush_lsn()::text AS lsn'))[0]!.lsn);

const beat = () => onSource('shop', ...writeBeat(BEATS));
const copyBeats = async (database = 'shop', table = `acas_demo_${database}.acas_heartbeat`) => {
  await onClone(database, ...replaceBeats(table, await onSource(database, readBeats(table))));
};

stage('a schema of the name that the heartbeat needs', async () => {
  await onSource('shop', `CREATE SCHEMA ${SLOT}`);
  const taken = (await world.plan()).findings.find(({ code }) => code === 'HEARTBEAT_NAME_TAKEN')!;
  const client = await world.source('shop');
  await carryOut(taken, client, 'HEARTBEAT_NAME_TAKEN').finally(() => client.end());
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
});

stage('streams that follow are in sync, idle or busy, and after the catalog was frozen and rewritten', async () => {
  await asAdmin('shop', 'VACUUM (FULL, FREEZE) pg_publication, pg_publication_rel', 'source');
  await expectQuiet();
  await write();
  await otherWal();
  expect([await applied(), await saysEqual(world)]).toEqual([IN_SYNC, true]);
  await expectQuiet();
});

stage('disabled by hand, and nothing else: one apply proves that nothing was lost', async () => {
  await otherWal();
  await waitUntilCaughtUp(world.source, [SLOT]);
  await disableBoth();
  await write();
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toEqual(['shop', 'ledger']);
  expect(await applied()).toEqual(IN_SYNC);
  await expectQuiet();
});

const onBoth = async (moved: (slot: string) => string[]) => {
  await onSource('shop', ...moved(SLOT));
  await onSource('ledger', ...moved(OTHER));
};
const moveOriginsAhead = async () => {
  for (const name of [SLOT, OTHER]) await asAdmin('shop', moveOrigin(await flushed(), name));
};
const MOVED: [string, () => Promise<unknown>][] = [
  ['the slot was advanced', () => onBoth(advance)],
  ['the slot was read', () => onBoth(consume)],
  ['the slot was made again', () => onBoth(remake)],
  ['the origin was moved ahead', moveOriginsAhead],
];
for (const [name, move] of MOVED) {
  stage(`${name} while disabled, over rows of one database and nothing of the other`, async () => {
    await disableBoth();
    await write();
    await move();
    expect(await doubted('CONTINUITY_NOT_PROVEN')).toEqual(['shop', 'ledger']);
    expect(await applied()).toEqual({ code: 'STREAM_BROKEN', inSync: false });
    // Enabled by now, and remembered all the same.
    await write();
    expect([await missing(), await saysEqual(world)]).toEqual([expect.arrayContaining([expect.any(String)]), false]);
    expect(await doubted('CONTINUITY_NOT_PROVEN')).toContain('shop');
    if (name === 'the slot was made again') await heal();
    else await eventually(async () => (await giveBack(), await applied()).inSync);
    await expectQuiet();
  });
}

stage('the publication was altered and put back, over a row of one database and nothing of the other', async () => {
  await onSource('ledger', ...insertsOnlyForAWhile(OTHER));
  await onSource('shop', `ALTER PUBLICATION ${SLOT} DROP TABLE orders`);
  await write();
  await onSource('shop', `ALTER PUBLICATION ${SLOT} ADD TABLE orders`);
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toEqual(['shop', 'ledger']);
  expect([await applied(), await saysEqual(world)]).toEqual([{ code: 'STREAM_BROKEN', inSync: false }, false]);
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toContain('shop');
  await eventually(async () => (await giveBack(), await applied()).inSync);
  await expectQuiet();
  await onSource('shop', ...remakePublication(SLOT, `orders, parts, ${BEATS}`));
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toEqual(['shop']);
  expect(await applied()).toEqual(IN_SYNC);
  await expectQuiet();
});

stage('a partition wrote no WAL for a while: told while it does not, and after', () => unloggedForAWhile(world));

/** What apply says to do about it, as it is printed. */
async function heal(): Promise<void> {
  const [doubt] = (await world.plan()).findings;
  const [apply] = printedRun(doubt!, 'CONTINUITY_NOT_PROVEN');
  const broken = (await world.run(apply as 'apply').catch((error: unknown) => error)) as OperatorError;
  const [reset] = printedRun({ code: broken.code, next: broken.next }, 'STREAM_BROKEN');
  await world.run(reset as 'reset');
  await world.deployTarget();
  expect(await applied()).toEqual(IN_SYNC);
  expect(await missing()).toEqual([]);
}

stage('the origin was moved back: the slot knows better', async () => {
  await disable();
  await asAdmin('shop', moveOrigin((await statusOf(world)).seedLsn!));
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toEqual(['shop']);
  expect(await applied()).toEqual(IN_SYNC);
});

stage('our subscription was made again with a copy of our mark, over a row; then its origin', async () => {
  await disable();
  await write();
  await asAdmin('shop', remakeSubscription(SLOT));
  expect(await doubted('ORIGIN_BEHIND_SEED')).toEqual(['shop']);
  expect(await applied()).toEqual({ code: 'ORIGIN_BEHIND_SEED', inSync: false });
  await asAdmin('shop', moveOrigin(await flushed()));
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toContain('shop');
  await onClone('shop', `ALTER SUBSCRIPTION ${SLOT} ENABLE`);
  await eventually(async () => (await onSource('shop', reading)).length === 1);
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toContain('shop');
  expect([await applied(), await saysEqual(world)]).toEqual([{ code: 'STREAM_BROKEN', inSync: false }, false]);
  await giveBack();
  expect(await applied()).toEqual(IN_SYNC);
  await expectQuiet();
  await otherWal();
  await waitUntilCaughtUp(world.source, [SLOT]);
  await disable();
  await asAdmin('shop', dropOrigin(SLOT));
  expect(await doubted('ORIGIN_BEHIND_SEED')).toEqual(['shop']);
  await onClone('shop', `ALTER SUBSCRIPTION ${SLOT} ENABLE`);
  await write();
  await eventually(async () => (await missing()).length === 0);
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toContain('shop');
  expect(await applied()).toEqual(IN_SYNC);
  await expectQuiet();
});

stage('a server that crashed and recovered: no alarm, and nothing lost', async () => {
  for (const side of ['clone', 'source'] as const) {
    await write();
    await crash(world, side);
    await write();
    expect(await applied()).toEqual(IN_SYNC);
    expect(await missing()).toEqual([]);
    await expectQuiet();
  }
});

stage('moved between plan and ENABLE', async () => {
  await disable();
  await otherWal();
  const slot = async () => (await onSource('shop', ...advance(SLOT)), true);
  expect(await refusalOf(world.run('apply', { confirm: slot }))).toBe('STREAM_MOVED');
  const lsn = await flushed();
  const origin = async () => (await asAdmin('shop', moveOrigin(lsn)), true);
  expect(await refusalOf(world.run('apply', { confirm: origin }))).toBe('STREAM_MOVED');
  expect(await applied()).toEqual(IN_SYNC);
});

stage('moved over a beat, enabled by hand and running again', async () => {
  await disable();
  await write();
  await beat();
  await onSource('shop', ...advance(SLOT));
  expect(await doubted('HISTORY_DIFFERS')).toEqual(['shop']);
  await onClone('shop', `ALTER SUBSCRIPTION ${SLOT} ENABLE`);
  await write();
  await waitUntilCaughtUp(world.source, [SLOT]);
  expect(await doubted('HISTORY_DIFFERS')).toEqual(['shop']);
  expect([await applied(), await saysEqual(world)]).toEqual([{ code: 'HISTORY_DIFFERS', inSync: false }, false]);
  await giveBack();
  await copyBeats();
  expect(await applied()).toEqual(IN_SYNC);
});

stage('the clone was put back to older files: before anything is written, and then', async () => {
  const older = await keepFiles(world, 'clone');
  expect(await applied()).toEqual(IN_SYNC);
  await write();
  await waitUntilCaughtUp(world.source, [SLOT]);
  await older.putBack();
  expect((await doubted('HISTORY_DIFFERS')).sort()).toEqual(['ledger', 'shop']);
  await write();
  expect(await doubted('CONTINUITY_NOT_PROVEN')).toContain('shop');
  expect([(await applied()).inSync, await saysEqual(world)]).toEqual([false, false]);
  expect(await missing()).not.toEqual([]);
});

stage('the source was put back to older files: at once, and when its WAL has passed the old position', async () => {
  const older = await keepFiles(world, 'source');
  for (const database of ['shop', 'ledger']) await copyBeats(database);
  // What a server writes by itself as it starts must not take it past the position that it has lost.
  await onSource('shop', ...muchWal(3));
  await write();
  await beat();
  await waitUntilCaughtUp(world.source, [SLOT]);
  await older.putBack();
  expect(await doubted('SOURCE_PUT_BACK')).toContain('shop');
  expect(await applied()).toEqual({ code: 'SOURCE_PUT_BACK', inSync: false });
  await onSource('shop', ...muchWal(8));
  expect(await doubted('HISTORY_DIFFERS')).toContain('shop');
  expect([(await applied()).inSync, await saysEqual(world)]).toEqual([false, false]);
});
