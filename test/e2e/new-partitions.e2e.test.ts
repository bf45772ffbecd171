import { isFollowing } from '../../sql-runner/actions/status';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { quietIn, saysEqual } from './support/continuity-said';
import { refusalOf } from './support/direct-lab';
import { runDying } from './support/dying-run';
import { errorOf } from './support/error-of';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf, looksOf } from './support/looks';
import { expectUnharmed, filled, made, NewTableWorld } from './support/new-table-world';
import type { TableWriters } from './support/table-writers';

/**
 * Partitions that come on the source while a clone follows, each of a table that is published whole: no row is lost, none
 * is there twice, no writer is refused, and nothing is called in sync before it is.
 * ROUNDS=100 for a long run: npm run test:new-tables.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 3);

const stage = stagesInOrder();
let world: NewTableWorld;

const keyed = (table: string, more = '') =>
  `CREATE TABLE ${table} (id bigint, writer integer NOT NULL, note text DEFAULT 'none', PRIMARY KEY (id, writer)) ${more}`;
/** For whatever writers write. */
const OF_WRITERS = 'FOR VALUES IN (0, 1, 2)';

beforeAll(async () => {
  world = await NewTableWorld.start(
    'new-partitions',
    keyed('t', 'PARTITION BY LIST (writer)'),
    'CREATE INDEX ON t (note)',
    'CREATE TABLE t_7 PARTITION OF t FOR VALUES IN (7)',
    keyed('d', 'PARTITION BY LIST (writer)'),
    'CREATE TABLE d_7 PARTITION OF d FOR VALUES IN (7)',
    'CREATE TABLE d_else PARTITION OF d DEFAULT',
  );
});
afterAll(() => world?.lab.lab.down());

stage('plan shows what is to be done, in its order, and apply does it', async () => {
  await world.onSource(`CREATE TABLE "other side".t_0 PARTITION OF t ${OF_WRITERS}`);
  const plan = await world.lab.plan();
  const [{ version }] = (await world.onSource(`SELECT current_setting('server_version_num')::int AS version`)) as [
    { version: number },
  ];
  expect(plan.changes.map(({ id }) => id)).toEqual([
    'target/shop/table/"other side".t_0',
    'source/shop/copy-rights/"other side".t_0',
    ...(version < 150_000 ? ['source/shop/published-table/"other side".t_0'] : []),
    'target/shop/table-copies/acas_demo_shop',
    'source/shop/copy-rights/acas_demo_shop',
  ]);
  expect(plan.findings).toEqual([]);
  await world.onSource(filled('t'));
  expect(await saysEqual(world.lab)).toBe(false);
  await world.lab.follow(printedRun(await notOnClone(), 'TABLE_NOT_ON_CLONE'));
  expect(await world.same('t', '"other side".t_0')).toBe(120);
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
  await dropped('"other side".t_0');
});

/** What doctor says of a partition that nobody has made there yet. */
async function notOnClone() {
  const { results } = await diagnosisOf(world.lab);
  return results.flatMap(({ findings }) => findings).find(({ code }) => code === 'TABLE_NOT_ON_CLONE')!;
}

/** The ways in which people make a partition; each ends with writers that write to the table. */
const WAYS: readonly ((root: string, table: string) => Promise<TableWriters>)[] = [
  async (root, table) => {
    await world.onSource(`BEGIN; CREATE TABLE ${table} PARTITION OF ${root} ${OF_WRITERS}; ${filled(root)}; COMMIT`);
    return world.writersOf(root);
  },
  async (root, table) => {
    await world.onSource(`CREATE TABLE ${table} PARTITION OF ${root} ${OF_WRITERS}`);
    const writers = await world.writersOf(root);
    await world.onSource(filled(root));
    return writers;
  },
  // Written to before, so that whoever decodes it knows it as unpublished.
  async (root, table) => {
    await world.onSource(keyed(table), filled(table));
    const writers = await world.writersOf(table);
    await world.caughtUp();
    await world.onSource(`ALTER TABLE ${root} ATTACH PARTITION ${table} ${OF_WRITERS}`);
    return writers;
  },
  // As before, in one transaction, of which nothing shows that it was apart.
  async (root, table) => {
    const attach = `ALTER TABLE ${root} ATTACH PARTITION ${table} ${OF_WRITERS}`;
    await world.onSource(`BEGIN; ${keyed(table)}; ${filled(table)}; ${attach}; COMMIT`);
    return world.writersOf(root);
  },
];

for (let round = 1; round <= ROUNDS; round += 1)
  stage(`round ${round}: writers write while it is added, and no row is lost or doubled`, async () => {
    const root = round % 5 === 0 ? 'd' : 't';
    const table = round % 3 === 0 ? `"other side"."p ${round}"` : `p_${round}`;
    const writers = await WAYS[round % WAYS.length]!(root, table);
    await world.applied().finally(() => writers.stop());
    expectUnharmed(writers);
    expect(await world.same(root, table)).toBeGreaterThan(120);
    await quietIn(world.lab);
    // What comes later is sent too.
    await world.onSource(
      `INSERT INTO ${root} VALUES (-1, 0, 'later')`,
      `UPDATE ${root} SET note = 'all' WHERE id < 10`,
    );
    await world.same(root);
    await dropped(table);
  });

stage('rows that the source took out of its default partition move on the clone as well', async () => {
  await world.onSource(filled('d'));
  await world.caughtUp();
  await world.onSource(`BEGIN; CREATE TEMP TABLE moving AS SELECT * FROM d WHERE writer = 0; DELETE FROM d WHERE writer = 0;
    CREATE TABLE d_0 PARTITION OF d ${OF_WRITERS}; INSERT INTO d SELECT * FROM moving; COMMIT`);
  const plan = await world.lab.plan();
  expect(plan.changes.map(({ id }) => id)).toContain('target/shop/partition/public.d_0');
  await world.lab.follow(printedRun(await notOnClone(), 'TABLE_NOT_ON_CLONE'));
  expect(await world.same('d', 'd_0')).toBe(120);
  await quietIn(world.lab);
  await dropped('d_0');
});

stage('rows that it moved while that was detached are told, as nothing of that is sent', async () => {
  await world.onSource(filled('d'));
  await world.caughtUp();
  await world.onSource(`BEGIN; ALTER TABLE d DETACH PARTITION d_else; CREATE TABLE d_0 PARTITION OF d ${OF_WRITERS};
    WITH moved AS (DELETE FROM d_else WHERE writer = 0 RETURNING *) INSERT INTO d SELECT * FROM moved;
    ALTER TABLE d ATTACH PARTITION d_else DEFAULT; COMMIT`);
  expect(await refusalOf(world.lab.run('apply'))).toBe('NEW_TABLE_HAS_ROWS');
  expect(isFollowing((await looksOf(world.lab)).status)).toBe(false);
  await world.onClone('DELETE FROM d_else WHERE writer IN (0, 1, 2)');
  await world.applied();
  expect(await world.same('d', 'd_0')).toBe(120);
  await quietIn(world.lab);
  await dropped('d_0');
});

stage('what somebody takes without copying it is found, and what is printed heals it', async () => {
  await world.onSource(`CREATE TABLE taken PARTITION OF t ${OF_WRITERS}`, filled('t'));
  // It dies once the table is made, and somebody else goes on in their own way.
  await world.lab.runAndDie('apply', 1);
  await world.caughtUp();
  await world.onClone('ALTER SUBSCRIPTION acas_demo_shop REFRESH PUBLICATION WITH (copy_data = false)');
  const error = await errorOf(world.lab.run('apply'));
  expect(error.code).toBe('NEW_TABLE_DIFFERS');
  expect(isFollowing((await looksOf(world.lab)).status)).toBe(false);
  const clone = await world.lab.clone('shop');
  await carryOut(error, clone, 'NEW_TABLE_DIFFERS');
  await clone.end();
  await world.lab.follow(printedRun(error, 'NEW_TABLE_DIFFERS'));
  expect(await world.same('t')).toBe(60);
  await quietIn(world.lab);
});

stage('one that was dropped, and another one made under its name, is told, and what is printed heals it', async () => {
  await world.onSource('DROP TABLE taken', `CREATE TABLE taken PARTITION OF t ${OF_WRITERS}`);
  await world.onSource(`INSERT INTO t VALUES (1000, 0, 'of the second one')`);
  const { plan, status } = await looksOf(world.lab);
  expect([isFollowing(status), await saysEqual(world.lab)]).toEqual([false, false]);
  const finding = plan.findings.find(({ code }) => code === 'NEW_TABLE_NOT_ADDED')!;
  expect(finding.seen).toContain('public.taken in database shop was dropped on the source');
  const clone = await world.lab.clone('shop');
  await carryOut(finding, clone, 'NEW_TABLE_NOT_ADDED');
  await clone.end();
  await world.lab.follow(printedRun(finding, 'NEW_TABLE_NOT_ADDED'));
  expect(await world.same('t', 'taken')).toBe(2);
  await quietIn(world.lab);
  await dropped('taken');
});

stage('what cannot be added is told with why, and goes on once that is put right', async () => {
  await world.onClone('CREATE TABLE elsewhere PARTITION OF t FOR VALUES IN (3)');
  await world.onSource(`CREATE TABLE elsewhere PARTITION OF t ${OF_WRITERS}`);
  const { plan, status } = await looksOf(world.lab);
  const finding = plan.findings.find(({ code }) => code === 'NEW_TABLE_NOT_ADDED')!;
  expect(finding.seen).toContain('on the clone it is a partition of public.t FOR VALUES IN (3)');
  expect([plan.changes, isFollowing(status), await saysEqual(world.lab)]).toEqual([[], false, false]);
  await world.onClone('DROP TABLE elsewhere');
  await world.onSource(filled('t'));
  await world.lab.follow(printedRun(finding, 'NEW_TABLE_NOT_ADDED'));
  expect(await world.same('t', 'elsewhere')).toBe(120);
  await quietIn(world.lab);
  await dropped('elsewhere');
});

stage('wherever a run dies, the next one ends at the same place', async () => {
  const seen = new Set<string>();
  for (let n = 1; ; n += ROUNDS < 10 ? 9 : 1) {
    const [root, table] = [n % 4 === 0 ? 'd' : 't', `dies_${n}`];
    const writers = await WAYS[n % WAYS.length]!(root, table);
    let at: string | null = null;
    try {
      ({ at } = await runDying(world.lab, n, n % 2 === 0));
      if (at !== null) await expectNotInSync(table);
      await world.lab.run('apply');
    } finally {
      await writers.stop();
    }
    expectUnharmed(writers);
    expect(await world.same(root, table)).toBeGreaterThan(120);
    await quietIn(world.lab);
    await dropped(table);
    if (at === null) break;
    seen.add(at.trim().split(' ')[0]!);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(ROUNDS < 10 ? [] : ['CREATE', 'GRANT', 'ALTER', 'COMMIT', 'REVOKE']),
  );
});

/** Of what a run that died has left, no look says that all is well. */
async function expectNotInSync(table: string): Promise<void> {
  const { plan, status } = await looksOf(world.lab);
  const [state] = await world.onClone(`SELECT coalesce((SELECT srsubstate::text FROM pg_subscription_rel
    WHERE srrelid = to_regclass('${table}')), 'none') AS taken`);
  const isArriving = plan.findings.some(({ code }) => code === 'NEW_TABLE_ARRIVING');
  if (!isArriving && (state as { taken: string }).taken === 'r') {
    // Or it died once all was done.
    expect(['settle-tables']).toEqual(expect.arrayContaining(plan.changes.map(({ operation }) => operation.kind)));
    return;
  }
  expect([plan.changes.length > 0, isFollowing(status)]).toEqual([true, false]);
  expect(await saysEqual(world.lab)).toBe(false);
}

async function dropped(table: string): Promise<void> {
  await world.drop(table);
  await quietIn(world.lab);
}

stage('several at once, with a new table that stands alone', async () => {
  await world.onSource(
    `CREATE TABLE t_a PARTITION OF t FOR VALUES IN (0)`,
    `CREATE TABLE t_b PARTITION OF t DEFAULT`,
    `CREATE TABLE t_c PARTITION OF t FOR VALUES IN (2)`,
    made('alone'),
    filled('alone'),
    filled('t'),
    `INSERT INTO t SELECT g, g % 5, 'more' FROM generate_series(100, 160) g`,
  );
  await world.applied();
  expect(await world.same('t', 't_a', 't_b', 't_c', 'alone')).toBe(302);
  await quietIn(world.lab);
});
