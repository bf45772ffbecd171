import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { quietIn, saysEqual } from './support/continuity-said';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf, looksOf } from './support/looks';
import { expectUnharmed, filled, made, NewTableWorld } from './support/new-table-world';

/**
 * Tables that the environment selects no more, or that are dropped on the source, while a clone follows. What could be
 * lied about: rows of a transaction are there by half; rows that were written before a table was selected again are
 * missing, and it is called a copy; another table loses rows. ROUNDS=100 for a death at every statement.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 1);
/** At which of its statements each run dies: one between the two sides, and one after the subscription forgot it. */
const DEATHS = ROUNDS < 10 ? [3, 6].slice(0, ROUNDS) : Array.from({ length: ROUNDS }, (_, index) => index + 1);

const stage = stagesInOrder();
let world: NewTableWorld;

beforeAll(async () => {
  world = await NewTableWorld.start(
    'left-tables',
    made('kept'),
    filled('kept'),
    made('parents'),
    filled('parents'),
    'CREATE TABLE children (id bigint PRIMARY KEY, parent bigint REFERENCES parents)',
    'INSERT INTO children VALUES (1, 1)',
    'CREATE TABLE days (id bigint PRIMARY KEY, writer integer, note text) PARTITION BY RANGE (id)',
    'CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM (0) TO (1000000)',
    filled('days'),
  );
});
afterAll(() => world?.lab.lab.down());

const exclude = (...patterns: string[]) => world.lab.select({ kind: 'all', exclude: patterns });
const rowsOf = (table: string, on = world.onClone) =>
  on(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE note = 'new')::int AS half, md5(string_agg(t::text, ',' ORDER BY id)) AS md5 FROM ${table} t`,
  );
/** What they wrote before is removed: each begins with the same rows. */
async function writersAnew() {
  await world.onSource('DELETE FROM kept WHERE id > 60');
  return world.writersOf('kept');
}
const codesOfPlan = async () => (await world.lab.plan()).findings.map(({ code }) => code);

stage('a table that is excluded leaves at a transaction’s end, and its rows stay as they were then', async () => {
  exclude('public.ke*');
  const plan = await world.lab.plan();
  expect(plan.changes.map(({ action, id }) => `${action} ${id}`)).toEqual([
    'delete source/shop/published-table/public.kept',
    'update source/shop/sent-before/acas_demo_shop',
    'update target/shop/left-tables/acas_demo_shop',
  ]);
  expect(plan.findings).toEqual([]);
  const writers = await world.writersOf('kept');
  await world.applied().finally(() => writers.stop());
  expectUnharmed(writers);
  const [then] = await rowsOf('kept');
  // Each transaction inserts a row and changes it: where one was sent by half it is still new.
  expect(then).toMatchObject({ half: 0 });
  await world.onSource(`UPDATE kept SET note = 'not sent'`);
  await quietIn(world.lab);
  expect(await world.same('orders', 'parents')).toBe(61);
  expect(await rowsOf('kept')).toEqual([then]);
});

stage('doctor and verify name it with the time, and no change of it is called a copy', async () => {
  const { results } = await diagnosisOf(world.lab);
  const [left] = results.flatMap(({ findings }) => findings ?? []).filter(({ code }) => code === 'TABLES_LEFT');
  expect(left!.seen).toMatch(/^database shop: public\.kept is no longer followed since 2\d{3}-/);
  expect(await saysEqual(world.lab)).toBe(true);
});

stage('selected again it is no copy: it is told, and comes anew once its old rows are removed', async () => {
  exclude('public.other_*');
  const { plan, status } = await looksOf(world.lab);
  expect([plan.changes, plan.findings.map(({ code }) => code)]).toEqual([[], ['TABLE_SELECTED_AGAIN']]);
  expect(status.streams.map(({ state }) => state)).toEqual(['streaming']);
  expect(await world.lab.run('apply')).toBe('nothing-to-do');
  const clone = await world.lab.clone('shop');
  await carryOut(plan.findings[0]!, clone, 'TABLE_SELECTED_AGAIN');
  await clone.end();
  const writers = await writersAnew();
  const run = printedRun(plan.findings[0]!, 'TABLE_SELECTED_AGAIN');
  expect(await world.lab.follow(run).finally(() => writers.stop())).toBe('applied');
  expectUnharmed(writers);
  expect(await world.same('kept', 'orders')).toBeGreaterThan(60);
  await quietIn(world.lab);
});

stage('one that foreign keys reference comes again as well', async () => {
  exclude('public.parents');
  await world.applied();
  await world.onSource(`INSERT INTO parents VALUES (1000, 0, 'missed')`);
  exclude();
  const [again] = (await world.lab.plan()).findings;
  const clone = await world.lab.clone('shop');
  await carryOut(again!, clone, 'TABLE_SELECTED_AGAIN');
  await clone.end();
  expect(await world.lab.follow(printedRun(again!, 'TABLE_SELECTED_AGAIN'))).toBe('applied');
  expect(await world.same('parents', 'children')).toBe(62);
  await quietIn(world.lab);
});

stage('wherever a run dies, and whatever is selected by then, one run converges, and no row is missed', async () => {
  const seen = new Set<string>();
  for (const n of DEATHS) {
    exclude('public.kept');
    const writers = await writersAnew();
    let at: string | null = null;
    try {
      ({ at } = await runDying(world.lab, n, n % 2 === 0));
      if (n % 3 === 0) exclude();
      if (at !== null) await world.lab.run('apply');
    } finally {
      await writers.stop();
    }
    expectUnharmed(writers);
    const published = `SELECT FROM pg_publication_rel WHERE prrelid = 'kept'::regclass`;
    const isSent = (await world.onSource(published)).length > 0;
    const said = await codesOfPlan();
    if (isSent) expect([said, await world.same('kept')]).toEqual([[], expect.any(Number)]);
    else {
      expect(said).toEqual(n % 3 === 0 ? ['TABLE_SELECTED_AGAIN'] : []);
      expect(await rowsOf('kept')).toEqual([expect.objectContaining({ half: 0 })]);
      exclude();
      await world.onSource(`UPDATE kept SET note = 'missed in ${n}' WHERE id < 30`);
      expect(await codesOfPlan()).toEqual(['TABLE_SELECTED_AGAIN']);
      await world.onClone('TRUNCATE kept');
      await world.applied();
      await world.same('kept');
    }
    expect((await world.lab.plan()).changes).toEqual([]);
    if (at === null) break;
    seen.add(at.split(' ')[0]!);
  }
  if (ROUNDS >= 10) expect([...seen].sort()).toEqual(['ALTER', 'COMMENT', 'COMMIT', 'LOCK']);
});

stage('a partitioned table leaves with its partitions', async () => {
  exclude('public.days');
  const plan = await world.lab.plan();
  expect(plan.changes[0]!.reason).toContain('a partitioned table comes again with a new clone only');
  await world.applied();
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
  const taken = `SELECT srrelid::regclass::text AS name FROM pg_subscription_rel WHERE srrelid::regclass::text LIKE 'days%'`;
  expect(await world.onClone(taken)).toEqual([]);
  exclude();
  // Nobody is told to remove its rows, as it could not be added all the same.
  const [again] = (await world.lab.plan()).findings;
  expect([again!.code, again!.seen]).toEqual(['NEW_TABLE_NOT_ADDED', expect.stringContaining('and is selected again')]);
  exclude('public.days*');
});

stage('a table that is dropped leaves the subscription, and the clone keeps it until somebody drops it', async () => {
  // One that came with the clone, and one that was added to the stream.
  await world.onSource('DROP TABLE orders, kept');
  const plan = await world.lab.plan();
  expect(plan.changes.map(({ action, id }) => `${action} ${id}`)).toEqual([
    'update source/shop/sent-before/acas_demo_shop',
    'update target/shop/left-tables/acas_demo_shop',
    'delete source/shop/copy-rights/acas_demo_shop',
  ]);
  await world.applied();
  await quietIn(world.lab);
  expect(await saysEqual(world.lab)).toBe(true);
  const { results } = await diagnosisOf(world.lab);
  const [left] = results.flatMap(({ findings }) => findings ?? []).filter(({ code }) => code === 'TABLES_LEFT');
  for (const name of ['orders', 'kept'])
    expect(left!.seen).toMatch(new RegExp(`public\\.${name} was dropped on the source, which was noticed at 2`));
  const clone = await world.lab.clone('shop');
  await carryOut(left!, clone, 'TABLES_LEFT');
  await clone.end();
  await world.applied();
  await quietIn(world.lab);
  const noted = await world.onClone(`SELECT FROM pg_description WHERE description ~ '"name":"(kept|orders)"'`);
  expect(noted).toEqual([]);
});
