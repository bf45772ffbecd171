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
const ROUNDS = Number(process.env.ROUNDS ?? 2);

const stage = stagesInOrder();
let world: NewTableWorld;

beforeAll(async () => {
  world = await NewTableWorld.start('new-tables');
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
    await world.applied().finally(() => writers.stop());
    expectUnharmed(writers);
    expect(await world.same(table)).toBeGreaterThan(60);
    await quietIn(world.lab);
    await world.drop(table);
  });

stage('wherever a run dies, the next one ends at the same place', async () => {
  const seen = new Set<string>();
  for (let n = 1; ; n += ROUNDS < 10 ? 7 : 1) {
    const table = `"other side".dies_${n}`;
    await world.onSource(made(table), filled(table));
    const writers = await world.writersOf(table);
    let at: string | null = null;
    try {
      ({ at } = await runDying(world.lab, n, n % 2 === 0));
      if (at !== null) await expectNotInSync(table);
      await world.lab.run('apply');
    } finally {
      await writers.stop();
    }
    expectUnharmed(writers);
    expect(await world.same(table)).toBeGreaterThan(60);
    await quietIn(world.lab);
    if (at === null) break;
    seen.add(at.split(' ')[0]!);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(ROUNDS < 10 ? ['COMMIT'] : ['CREATE', 'GRANT', 'LOCK', 'ALTER', 'COMMIT', 'REVOKE']),
  );
});

/** Of what a run that died has left, no look says that all is well. */
async function expectNotInSync(table: string): Promise<void> {
  const noted = `SELECT FROM pg_description WHERE description LIKE '%"added":[%${table.split('.')[1]}%'`;
  if ((await world.onClone(noted)).length === 0) return;
  const { plan, status } = await looksOf(world.lab);
  const isArriving = plan.findings.some(({ code }) => code === 'NEW_TABLE_ARRIVING');
  // Where its rows were compared only rights are left to be taken back, or what that left in doubt is to be compared.
  if (!isArriving) {
    expect(['settle-tables', 'prove-continuity']).toEqual(
      expect.arrayContaining(plan.changes.map(({ operation }) => operation.kind)),
    );
    return;
  }
  expect([plan.changes.length > 0, isFollowing(status)]).toEqual([true, false]);
  const published = `SELECT FROM pg_publication_rel WHERE prrelid = '${table}'::regclass`;
  if ((await world.onSource(published)).length > 0) expect(await saysEqual(world.lab)).toBe(false);
}

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
