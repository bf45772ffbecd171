import type { OperatorError } from '../../errors/operator-error';
import { printedRun } from '../sql-runner/checks/printed-fix';
import { quietIn, saysEqual } from './support/continuity-said';
import { runDying } from './support/dying-run';
import { diagnosisOf } from './support/looks';
import { stagesInOrder } from './support/in-order';
import { eventually } from '../support/eventually';
import { filled, made, NewTableWorld } from './support/new-table-world';
import { expectWrote, RenamedWriters } from './support/renamed-writers';

/**
 * Tables and columns that are renamed on the source while writers write: the clone gets the names where its stream stands
 * at them, and no row is lost. ROUNDS=100 kills a run at every statement.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 2);

const stage = stagesInOrder();
let world: NewTableWorld;
const TABLES = [
  'goods',
  'lines',
  'moved',
  'twice',
  'idle',
  'held',
  'dies',
  'taken',
  'one',
  'other',
  'mixed',
  'beside',
  'calm',
];
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
  await world.onSource('ALTER TABLE lines RENAME note TO remark', `INSERT INTO lines VALUES (-1, 0, 'under it')`);
  const { results } = await diagnosisOf(world.lab);
  const told = results.flatMap(({ findings }) => findings).find(({ code }) => code === 'COLUMN_RENAMED')!;
  expect(await world.lab.follow(printedRun(told, 'COLUMN_RENAMED'))).toBe('applied');
  await quietIn(world.lab);
  await followed('lines', 'lines', () =>
    world.onSource(
      'ALTER TABLE lines RENAME id TO "the id"',
      'ALTER TABLE lines RENAME "the id" TO id',
      'ALTER TABLE lines RENAME remark TO "Remark 2"',
    ),
  );
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

stage('a table that is renamed twice, with changes under each name on their way', async () => {
  await followed('twice', '"other side".later', async () => {
    const from = async (rename: string, now: string) => {
      await world.onSource(
        rename,
        `INSERT INTO ${now} SELECT -1 - count(*), 0, 'under ${now}' FROM ${now} WHERE id < 0`,
      );
    };
    await from('ALTER TABLE twice RENAME TO between', 'between');
    await from('ALTER TABLE between SET SCHEMA "other side"', '"other side".between');
    await from('ALTER TABLE "other side".between RENAME TO later', '"other side".later');
  });
});

const nameOf = async (oid: unknown) =>
  (await world.onClone(`SELECT relname::text AS name FROM pg_class WHERE oid = ${String(oid)}`))[0]?.name;

stage('what is on its way under the old name arrives first, of each table by itself', async () => {
  const writers = [await writing('held'), await writing('beside')];
  const blocker = await world.lab.clone('shop');
  try {
    // The worker waits at the first of these changes, and what comes after it lies in the slot.
    await blocker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    await world.onSource(`UPDATE orders SET note = note || '!'`);
    const before = writers.map(({ transactions }) => transactions);
    await eventually(() =>
      Promise.resolve(writers.every(({ transactions }, index) => transactions > before[index]! + 20)),
    );
    await world.onSource('ALTER TABLE held RENAME TO freed', 'ALTER TABLE beside RENAME note TO remark');
    const [{ oid } = {}] = await world.onSource(`SELECT 'freed'::regclass::oid::int AS oid`);
    let waits = 0;
    const run = world.lab.run('apply', { listener: ({ type }) => (waits += type === 'waiting' ? 1 : 0) });
    await eventually(() => Promise.resolve(waits > 0));
    expect(await nameOf(oid)).toBe('held');
    await blocker.query('ROLLBACK');
    expect(await run).toBe('applied');
  } finally {
    await blocker.end();
    for (const one of writers) await one.stop();
  }
  writers.forEach(expectWrote);
  expect(await world.same('freed', 'beside', 'orders')).toBeGreaterThan(60);
  await quietIn(world.lab);
});

stage('wherever a run dies, the next one ends at the same place', async () => {
  const seen = new Set<string>();
  let now = 'dies';
  for (let n = 1; ; n += 1) {
    const [name, column] = [n % 2 === 0 ? `dies_${n}` : `"other side".dies_${n}`, n % 2 === 0 ? 'note' : 'remark'];
    const writers = await writing(now);
    let at: string | null = null;
    try {
      const schema = name.includes('.') ? '"other side"' : 'public';
      await world.onSource(
        `ALTER TABLE ${now} RENAME ${column === 'note' ? 'remark' : 'note'} TO ${column}`,
        `ALTER TABLE ${now} RENAME TO dies_${n}`,
        `ALTER TABLE ${now.includes('.') ? '"other side".' : ''}dies_${n} SET SCHEMA ${schema}`,
      );
      now = name;
      ({ at } = await runDying(world.lab, n, n % 2 === 0));
      if (at !== null) expect(await saysEqual(world.lab)).toBe(false);
      await world.applied();
    } finally {
      await writers.stop();
    }
    expectWrote(writers);
    expect(await world.same(now)).toBeGreaterThan(60);
    await quietIn(world.lab);
    if (at === null) break;
    seen.add(at.split(' ')[0]!);
    if (ROUNDS < 10 && n >= 5) break;
  }
  expect([...seen]).toEqual(expect.arrayContaining(['LOCK', 'ALTER']));
});

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as OperatorError,
  );

stage('what has the name on the clone already stops it, and nothing of the stream is renamed by halves', async () => {
  await world.onClone('CREATE VIEW was_taken AS SELECT 1 AS one', 'CREATE SEQUENCE "other side".taken_pkey');
  await world.onSource('ALTER TABLE taken RENAME TO was_taken');
  expect(await planned()).toMatchObject({ changes: [], told: ['TABLE_RENAMED'] });
  await world.onClone('DROP VIEW was_taken');
  // That of its key shows only when it is moved.
  await world.onSource('ALTER TABLE was_taken RENAME TO taken', 'ALTER TABLE taken SET SCHEMA "other side"');
  const error = await errorOf(world.lab.run('apply'));
  expect(error?.code).toBe('RENAME_NOT_FOLLOWED');
  expect(await world.onClone(`SELECT to_regclass('taken')::text AS name`)).toEqual([{ name: 'taken' }]);
  await world.onClone('DROP SEQUENCE "other side".taken_pkey');
  expect(await world.lab.follow(printedRun(error!, 'RENAME_NOT_FOLLOWED'))).toBe('applied');
  expect(await world.same('"other side".taken')).toBe(60);
  await quietIn(world.lab);
});

stage('a transaction with changes under both names: it is said, left out, and its table copied anew', async () => {
  await world.onSource(
    [
      'BEGIN',
      `UPDATE mixed SET note = 'before' WHERE id = 1`,
      'ALTER TABLE mixed RENAME TO blended',
      `UPDATE blended SET note = 'after' WHERE id = 2`,
      'COMMIT',
    ].join(';'),
  );
  const error = await errorOf(world.lab.run('apply'));
  expect([error?.code, error?.seen]).toEqual([
    'RENAME_NOT_FOLLOWED',
    expect.stringContaining('public.mixed or public.blended'),
  ]);
  expect(await world.lab.follow(printedRun(error!, 'RENAME_NOT_FOLLOWED'))).toBe('applied');
  expect((await errorOf(world.lab.run('apply')))?.code).toBe('STREAM_BROKEN');
  expect(await saysEqual(world.lab)).toBe(false);
  const tables = { names: ['public.blended'], database: null };
  expect(await world.lab.run('resync', { tables })).toBe('applied');
  await world.applied();
  expect(await world.same('blended')).toBe(60);
  await quietIn(world.lab);
});

stage('tables that exchange their names, and one that takes the name of another, are left to a new clone', async () => {
  const exchange = (one: string, other: string) => [
    ['BEGIN', `ALTER TABLE ${one} RENAME TO aside`, `ALTER TABLE ${other} RENAME TO ${one}`].join(';'),
    `ALTER TABLE aside RENAME TO ${other}`,
    'COMMIT',
  ];
  await world.onSource(exchange('one', 'other').join(';'), 'ALTER TABLE calm RENAME TO silent');
  const swapped = await planned();
  expect([swapped.changes, [...new Set(swapped.told)].sort()]).toEqual([[], ['TABLE_RENAMED', 'TABLE_SWAPPED']]);
  await world.onSource(exchange('one', 'other').join(';'));
  expect((await planned()).changes).toEqual(CHANGES);
  await world.applied();
  await quietIn(world.lab);
  await world.onSource('ALTER TABLE other RENAME TO last', 'ALTER TABLE one RENAME TO other');
  const chained = await planned();
  expect([chained.changes, chained.told]).toEqual([[], expect.arrayContaining(['TABLE_SWAPPED'])]);
  expect(await saysEqual(world.lab)).toBe(false);
});
