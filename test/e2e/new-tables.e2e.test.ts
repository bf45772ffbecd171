import { isFollowing } from '../../sql-runner/actions/status';
import { quietIn, saysEqual } from './support/continuity-said';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { looksOf } from './support/looks';
import { expectUnharmed, filled, made, NewTableWorld } from './support/new-table-world';
import type { TableWriters } from './support/table-writers';

/**
 * Tables that come on the source while a clone follows: no row is lost, none is there twice, no writer is refused, and
 * nothing is called in sync before it is. ROUNDS=100 for a long run: npm run test:new-tables.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 3);

const stage = stagesInOrder();
let world: NewTableWorld;

beforeAll(async () => {
  world = await NewTableWorld.start('new tables');
});
afterAll(() => world?.lab.lab.down());

stage('plan shows what is to be done, in its order, and apply does it', async () => {
  await world.onSource(made('first'), filled('first'));
  const plan = await world.lab.plan();
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'target/shop/table/public.first',
    'source/shop/copy-rights/public.first',
    'source/shop/published-table/public.first',
    'target/shop/table-copies/acas_demo_shop',
    'source/shop/copy-rights/acas_demo_shop',
  ]);
  expect(plan.findings).toEqual([]);
  await world.applied();
  expect(await world.same('first', 'orders')).toBe(61);
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
  const rights = `SELECT has_table_privilege('acas_demo', 'first', 'SELECT') AS select`;
  expect(await world.onSource(rights)).toEqual([{ select: false }]);
});

for (let round = 1; round <= ROUNDS; round += 1)
  stage(`round ${round}: writers write while it is added, and no row is lost or doubled`, async () => {
    const inOne = round % 2 === 1;
    const table = round % 3 === 0 ? `later_${round}.t` : `t_${round}`;
    if (table.includes('.')) await world.onSource(`CREATE SCHEMA later_${round}`);
    let writers: TableWriters;
    if (inOne) {
      await world.onSource(['BEGIN', made(table), filled(table), 'COMMIT'].join(';'));
      writers = await world.writersOf(table);
    } else {
      await world.onSource(made(table));
      writers = await world.writersOf(table);
      await world.onSource(filled(table));
    }
    await world.applied();
    await expectUnharmed(writers);
    expect(await world.same(table)).toBeGreaterThan(60);
    await quietIn(world.lab);
    await world.drop(table);
  });

stage('wherever a run dies, the next one ends at the same place', async () => {
  const seen = new Set<string>();
  const step = ROUNDS < 10 ? 4 : 1;
  for (let n = 1; ; n += step) {
    const table = `"other side".dies_${n}`;
    await world.onSource(made(table), filled(table));
    const writers = await world.writersOf(table);
    const { at } = await runDying(world.lab, n, n % 2 === 0);
    if (at !== null) seen.add(at.split(' ')[0]!);
    const { status } = await looksOf(world.lab);
    if (at !== null && (await world.onClone(`SELECT to_regclass('${table}') IS NOT NULL AS made`))[0]!.made)
      expect([isFollowing(status), await saysEqual(world.lab)]).toEqual([false, false]);
    await world.lab.run('apply');
    await expectUnharmed(writers);
    expect(await world.same(table)).toBeGreaterThan(60);
    await quietIn(world.lab);
    if (at === null) break;
  }
  expect(seen.size).toBeGreaterThan(ROUNDS < 10 ? 2 : 5);
});

stage('several at once, one of which another one references', async () => {
  await world.onSource(
    made('parents'),
    `CREATE TABLE children (id serial PRIMARY KEY, parent bigint REFERENCES parents)`,
  );
  await world.onSource(filled('parents'), 'INSERT INTO children (parent) SELECT g FROM generate_series(1, 60) g');
  await world.applied();
  expect(await world.same('parents', 'children')).toBe(120);
  expect(
    await world.onClone(`SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = 'children'::regclass`),
  ).toHaveLength(1);
  await quietIn(world.lab);
});
