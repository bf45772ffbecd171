import { isFollowing } from '../../sql-runner/actions/status';
import { printedRun } from '../sql-runner/checks/printed-fix';
import { quietIn, saysEqual } from './support/continuity-said';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf, looksOf } from './support/looks';
import { expectUnharmed, filled, NewTableWorld } from './support/new-table-world';
import { MovingRows } from './support/moving-rows';
import { root, WAYS } from './support/parted-tables';

/**
 * Partitioned tables that come on the source while a clone follows, and partitions that are partitioned again: no row is lost
 * or there twice, also of such as move from one partition to another, no writer is refused, and nothing is called in sync
 * before it is. ROUNDS=100 for a long run: npm run test:new-tables.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 2);

const stage = stagesInOrder();
let world: NewTableWorld;

beforeAll(async () => {
  world = await NewTableWorld.start(
    'new-roots',
    root('followed'),
    'CREATE TABLE followed_7 PARTITION OF followed FOR VALUES IN (7)',
  );
});
afterAll(() => world?.lab.lab.down());

stage('plan shows what is to be done, in its order, and apply does it', async () => {
  await world.onSource(
    root('first'),
    'CREATE INDEX ON first (note)',
    `COMMENT ON TABLE first IS 'of parts'`,
    'CREATE TABLE first_0 PARTITION OF first FOR VALUES IN (0)',
    'CREATE TABLE "other side".first_else PARTITION OF first DEFAULT',
    filled('first'),
    `INSERT INTO first SELECT g, 0, 'other', 5 FROM generate_series(100, 120) g`,
  );
  const plan = await world.lab.plan();
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'target/shop/table/public.first',
    'target/shop/table/"other side".first_else',
    'target/shop/table/public.first_0',
    'source/shop/copy-rights/"other side".first_else',
    'source/shop/copy-rights/public.first_0',
    'source/shop/published-table/public.first',
    'target/shop/table-copies/acas_demo_shop',
    'source/shop/copy-rights/acas_demo_shop',
  ]);
  expect(plan.findings).toEqual([]);
  await world.applied();
  expect(await world.same('first', 'first_0', '"other side".first_else')).toBe(162);
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
  const rights = `SELECT has_table_privilege('acas_demo', 'first_0', 'SELECT') AS select`;
  expect(await world.onSource(rights)).toEqual([{ select: false }]);
  // Those that come later are published with it, and are changes of the next plan.
  await world.onSource(
    'CREATE TABLE first_1 PARTITION OF first FOR VALUES IN (1)',
    `INSERT INTO first VALUES (1, 1, 'later', 1)`,
  );
  await world.applied();
  expect(await world.same('first', 'first_1')).toBe(83);
  await quietIn(world.lab);
});

async function dropped(table: string): Promise<void> {
  await world.drop(table);
  await quietIn(world.lab);
}

for (let round = 1; round <= ROUNDS; round += 1)
  stage(`round ${round}: writers write and rows move while it is added, and no row is lost or doubled`, async () => {
    const table = `r_${round}`;
    await world.onSource(...WAYS[round % WAYS.length]!(table));
    const writers = await world.writersOf(table);
    const moving = new MovingRows(await world.lab.source('shop'), table);
    await world.applied().finally(() => Promise.all([writers.stop(), moving.stop()]));
    expectUnharmed(writers);
    expect([moving.errors, moving.moves > 0]).toEqual([[], true]);
    expect(await world.same(table)).toBeGreaterThan(60);
    await quietIn(world.lab);
    await world.onSource(`UPDATE ${table} SET note = 'later', place = 1 WHERE id = 30`);
    await world.same(table);
    await dropped(table);
  });

stage(
  'wherever a run dies, the next one ends at the same place, also where partitions come and go meanwhile',
  async () => {
    const seen = new Set<string>();
    for (let n = 1; ; n += ROUNDS < 10 ? 11 : 1) {
      const table = `dies_${n}`;
      await world.onSource(...WAYS[n % WAYS.length]!(table));
      const writers = await world.writersOf(table);
      let at: string | null = null;
      try {
        ({ at } = await runDying(world.lab, n, n % 2 === 0));
        if (at !== null) await expectNotInSync(table);
        // Beside a default one a partition takes what that holds.
        const bound = n % WAYS.length === 0 ? 'IN (8)' : 'IN (9)';
        await world.onSource(`CREATE TABLE ${table}_more PARTITION OF ${table} FOR VALUES ${bound}`);
        if (n % 4 === 0) await world.onSource(`DROP TABLE ${table}_more`);
        await world.lab.run('apply');
        if (at === null) await world.lab.run('apply');
      } finally {
        await writers.stop();
      }
      expectUnharmed(writers);
      expect(await world.same(table)).toBeGreaterThan(60);
      await quietIn(world.lab);
      await dropped(table);
      if (at === null) break;
      seen.add(at.trim().split(' ')[0]!);
    }
    if (ROUNDS >= 10)
      expect([...seen]).toEqual(expect.arrayContaining(['CREATE', 'GRANT', 'ALTER', 'COMMIT', 'REVOKE', 'LOCK']));
  },
);

/** Of what a run that died has left, no look says that all is well. */
async function expectNotInSync(table: string): Promise<void> {
  const noted = `SELECT FROM pg_description WHERE description LIKE '%"added":[%${table}%'`;
  if ((await world.onClone(noted)).length === 0) return;
  const { plan, status } = await looksOf(world.lab);
  if (!plan.findings.some(({ code }) => code === 'NEW_TABLE_ARRIVING')) {
    expect(['settle-tables', 'prove-continuity']).toEqual(
      expect.arrayContaining(plan.changes.map(({ operation }) => operation.kind)),
    );
    return;
  }
  expect([plan.changes.length > 0, isFollowing(status)]).toEqual([true, false]);
}

stage('a partition of a table that is followed may be partitioned again, in one step or in more', async () => {
  await world.onSource(
    'CREATE TABLE followed_0 PARTITION OF followed FOR VALUES IN (0, 1) PARTITION BY RANGE (id)',
    'CREATE TABLE followed_0_a PARTITION OF followed_0 FOR VALUES FROM (MINVALUE) TO (30)',
    'CREATE TABLE followed_0_b PARTITION OF followed_0 FOR VALUES FROM (30) TO (MAXVALUE) PARTITION BY LIST (place)',
    'CREATE TABLE followed_0_b_all PARTITION OF followed_0_b DEFAULT',
    filled('followed'),
  );
  const writers = await world.writersOf('followed');
  await world.applied().finally(() => writers.stop());
  expectUnharmed(writers);
  expect(await world.same('followed', 'followed_0_a', 'followed_0_b_all')).toBeGreaterThan(120);
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
  // One more below what came so, and one that is attached with its own.
  await world.onSource(
    'CREATE TABLE followed_2 (LIKE followed INCLUDING ALL) PARTITION BY RANGE (id)',
    'CREATE TABLE followed_2_all PARTITION OF followed_2 DEFAULT',
    `INSERT INTO followed_2 SELECT g, 0, 'apart', 2 FROM generate_series(1, 30) g`,
    'ALTER TABLE followed ATTACH PARTITION followed_2 FOR VALUES IN (2)',
  );
  await world.applied();
  expect(await world.same('followed', 'followed_2')).toBeGreaterThan(150);
  await quietIn(world.lab);
});

stage(
  'where the stream stands before one of which the table above is missing too, what doctor prints makes both',
  async () => {
    await world.onSource(
      'CREATE TABLE followed_3 PARTITION OF followed FOR VALUES IN (3) PARTITION BY RANGE (id)',
      'CREATE TABLE followed_3_all PARTITION OF followed_3 FOR VALUES FROM (MINVALUE) TO (MAXVALUE)',
      `INSERT INTO followed SELECT g, 0, 'deep', 3 FROM generate_series(500, 530) g`,
    );
    const { results } = await diagnosisOf(world.lab);
    const found = results.flatMap(({ findings }) => findings).filter(({ code }) => code === 'TABLE_NOT_ON_CLONE');
    expect(found.map(({ next }) => next)).toEqual([expect.stringContaining('first make public.followed_3 there')]);
    await world.lab.follow(printedRun(found[0]!, 'TABLE_NOT_ON_CLONE'));
    expect(await world.same('followed', 'followed_3_all')).toBeGreaterThan(180);
    await quietIn(world.lab);
    expect(await saysEqual(world.lab)).toBe(true);
  },
);

for (const [what, ddl, code, seen, mend] of [
  [
    'without a key',
    ['CREATE TABLE no (id integer) PARTITION BY LIST (id)'],
    'NEW_PARTITIONS_REFUSE_WRITES',
    'public.no',
    'ALTER TABLE no ADD PRIMARY KEY (id)',
  ],
  [
    'with an unlogged partition',
    [
      'CREATE TABLE no (id integer PRIMARY KEY) PARTITION BY LIST (id)',
      'CREATE UNLOGGED TABLE no_1 PARTITION OF no FOR VALUES IN (1)',
    ],
    'NEW_TABLE_NOT_ADDED',
    'public.no_1: it is unlogged',
    'ALTER TABLE no_1 SET LOGGED',
  ],
  [
    'with a partition that hides rows',
    [
      'CREATE TABLE no (id integer PRIMARY KEY) PARTITION BY LIST (id)',
      'CREATE TABLE no_1 PARTITION OF no FOR VALUES IN (1)',
      'ALTER TABLE no_1 ENABLE ROW LEVEL SECURITY',
    ],
    'NEW_TABLE_NOT_ADDED',
    'public.no_1: it has row level security',
    'ALTER TABLE no_1 DISABLE ROW LEVEL SECURITY',
  ],
] as const)
  stage(
    `a partitioned table ${what} is refused with a word, stops nothing, and comes once that is put right`,
    async () => {
      await world.onSource(...ddl);
      const { plan, status } = await looksOf(world.lab);
      const finding = plan.findings.find((one) => one.code === code)!;
      expect([finding.severity, finding.seen]).toEqual(['warn', expect.stringContaining(seen)]);
      expect([plan.changes, isFollowing(status)]).toEqual([[], true]);
      await world.onSource(mend);
      await world.applied();
      await world.onSource('DROP TABLE no');
      await world.onClone('DROP TABLE no');
      await world.lab.run('apply');
      await quietIn(world.lab);
    },
  );

stage(
  'where the clone has it with rows, or with another key, that is told, and what is printed lets it come',
  async () => {
    await world.onSource(root('there'), 'CREATE TABLE there_0 PARTITION OF there FOR VALUES IN (0)', filled('there'));
    await world.onClone(root('there').replace('BY LIST', 'BY RANGE'));
    const [finding] = (await world.lab.plan()).findings.filter(({ code }) => code === 'NEW_TABLE_NOT_ADDED');
    expect(finding!.seen).toContain('partition key');
    await world.onClone(
      'DROP TABLE there',
      root('there'),
      'CREATE TABLE there_x PARTITION OF there DEFAULT',
      `INSERT INTO there VALUES (1, 1, 'of the clone')`,
      'ANALYZE there',
    );
    await world.lab.run('apply').catch((error: { code?: string }) => expect(error.code).toBe('NEW_TABLE_HAS_ROWS'));
    expect(await world.onSource(`SELECT FROM pg_publication_tables WHERE tablename LIKE 'there%'`)).toEqual([]);
    await world.onClone('DROP TABLE there');
    await world.lab.follow(printedRun(finding!, 'NEW_TABLE_NOT_ADDED'));
    expect(await world.same('there', 'there_0')).toBe(120);
    await quietIn(world.lab);
  },
);
