import { quietIn, saysEqual } from './support/continuity-said';
import { refusalOf } from './support/direct-lab';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { filled, made, NewTableWorld } from './support/new-table-world';
import { expectWrote, RenamedWriters } from './support/renamed-writers';

/**
 * Tables and columns that are renamed on the source while writers write: the clone gets the names where its stream stands
 * at them, and no row is lost. ROUNDS=100 kills a run at every statement.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 2);

const stage = stagesInOrder();
let world: NewTableWorld;
const TABLES = ['goods', 'lines', 'moved', 'twice', 'idle', 'held', 'dies', 'taken', 'one', 'other', 'mixed'];
const CHANGES = ['target/shop/renamed-tables/acas_demo_shop', 'target/shop/continuity/acas_demo_shop'];

beforeAll(async () => {
  world = await NewTableWorld.start('renames', ...TABLES.flatMap((table) => [made(table), filled(table)]));
});
afterAll(() => world?.lab.lab.down());

let used = 0;

/** Writers of a table, whatever its name is by then. */
async function writing(table: string): Promise<RenamedWriters> {
  const [{ oid } = {}] = await world.onSource(`SELECT '${table}'::regclass::oid::int AS oid`);
  used += 10_000_000;
  return new RenamedWriters([await world.lab.source('shop'), await world.lab.source('shop')], Number(oid), used);
}

const planned = async () => {
  const plan = await world.lab.plan();
  const told = plan.findings.map(({ code }) => code).filter((code) => !/^(APPLY_WORKER|STREAM)_/.test(code));
  return { changes: plan.changes.map(({ id }) => id), told, plan };
};

/** Writers write through all of it; then both sides have the same rows, and nothing is left to be done. */
async function followed(table: string, now: string, rename: () => Promise<unknown>): Promise<void> {
  const writers = await writing(table);
  try {
    await rename();
    const { changes, told } = await planned();
    expect([changes, told]).toEqual([CHANGES, []]);
    await world.applied();
  } finally {
    await writers.stop();
  }
  expectWrote(writers);
  expect(await world.same(now)).toBeGreaterThan(60);
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
}

stage('a table that is renamed', async () => {
  await followed('goods', 'wares', () => world.onSource('ALTER TABLE goods RENAME TO wares'));
});

stage('a column that is renamed, and renamed once more', async () => {
  await followed('lines', 'lines', () => world.onSource('ALTER TABLE lines RENAME note TO remark'));
  await followed('lines', 'lines', () => world.onSource('ALTER TABLE lines RENAME id TO "the id"', 'ALTER TABLE lines RENAME "the id" TO id', 'ALTER TABLE lines RENAME remark TO "Remark 2"'));
});

stage('a table that gets another schema, another name and another column at once', async () => {
  await followed('moved', '"other side"."Moved on"', () =>
    world.onSource(
      'ALTER TABLE moved SET SCHEMA "other side"',
      'ALTER TABLE "other side".moved RENAME note TO remark',
      'ALTER TABLE "other side".moved RENAME TO "Moved on"',
    ),
  );
});

stage('a table that nobody writes to: once the stream is past it', async () => {
  await world.onSource('ALTER TABLE idle RENAME TO quiet', 'ALTER TABLE quiet RENAME note TO remark');
  expect((await planned()).changes).toEqual(CHANGES);
  await world.applied();
  expect(await world.same('quiet')).toBe(60);
  await quietIn(world.lab);
});
