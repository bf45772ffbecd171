import type { PublicationFacts } from '../../../sql-runner/engine/observation';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import type { Session } from '../../../sql-runner/postgres/session';
import { alteredSince, digestOf, resentSince } from '../../../sql-runner/resources/publication-rows';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

// A clone has the source's catalog of the moment it was taken: what was read before is what it shows.
let world: TestCluster;
let session: Session;
let change: (sql: string) => Promise<void>;
let then: PublicationFacts;

const SETUP = `
  CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
  CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
  CREATE TABLE loaded (id int PRIMARY KEY, v text);
  ALTER TABLE parts ATTACH PARTITION loaded FOR VALUES FROM (10) TO (20);
  CREATE TABLE deep PARTITION OF parts FOR VALUES FROM (20) TO (30) PARTITION BY RANGE (id);
  CREATE TABLE leaf PARTITION OF deep FOR VALUES FROM (20) TO (30);
  CREATE TABLE orders (id int PRIMARY KEY, a text, b text, n int);
  CREATE TABLE items (id int PRIMARY KEY, a text);
  CREATE TABLE notes (body text, lang text DEFAULT 'en');
  ALTER TABLE notes REPLICA IDENTITY FULL;
  INSERT INTO parts SELECT g, 'x' FROM generate_series(0, 29) g;
  INSERT INTO orders SELECT g, 'a', 'b', g FROM generate_series(0, 29) g;
  CREATE PUBLICATION ours FOR TABLE parts, orders, items, notes;
  COMMENT ON PUBLICATION ours IS 'marked'`;

beforeAll(async () => {
  world = await startTestCluster({ parameters: { wal_level: 'logical' } });
  const client = await world.connect('shop');
  change = async (sql) => {
    for (const statement of sql.split('; ')) await client.query(statement);
  };
  await client.query(SETUP);
  session = await openSession(targetOf(world, 'shop'));
});
afterAll(async () => {
  await session?.close();
  await world?.stop();
});
beforeEach(async () => {
  then = await ours();
});

const ours = async (): Promise<PublicationFacts> =>
  (await publications(session)).find(({ name }) => name === 'ours') as unknown as PublicationFacts;
const altered = async (): Promise<string[]> => alteredSince(await ours(), then);

test.each([
  ['rows come and go', `INSERT INTO orders VALUES (100, 'a', 'b', 1); DELETE FROM orders WHERE id = 100`],
  ['it is vacuumed, and gets a new file', 'VACUUM (FREEZE) orders; VACUUM FULL orders; TRUNCATE items'],
  ['the catalog is frozen', 'VACUUM (FREEZE) pg_attribute; VACUUM FULL pg_inherits; VACUUM FULL pg_publication_rel'],
  ['columns and indexes are added', 'ALTER TABLE items ADD COLUMN c int DEFAULT 4; CREATE INDEX ON orders (a)'],
  ['a partition is made as one', 'CREATE TABLE part_9 PARTITION OF parts FOR VALUES FROM (90) TO (99)'],
  ['a partition is dropped', 'DROP TABLE part_9'],
  ['it is commented', `COMMENT ON PUBLICATION ours IS 'still marked'`],
])('nothing was altered when %s', async (_, sql) => {
  await change(sql);
  expect(await altered()).toEqual([]);
});

test.each([
  [
    'a partition was outside for a while',
    'ALTER TABLE parts DETACH PARTITION part_1; ALTER TABLE parts ATTACH PARTITION part_1 FOR VALUES FROM (0) TO (10)',
    'public.part_1 (attached)',
  ],
  [
    'one below a partition was outside',
    'ALTER TABLE deep DETACH PARTITION leaf; ALTER TABLE deep ATTACH PARTITION leaf DEFAULT',
    'public.leaf (attached)',
  ],
  [
    'a table came in with its rows',
    'CREATE TABLE full_one (id int PRIMARY KEY, v text); ALTER TABLE parts ATTACH PARTITION full_one FOR VALUES FROM (50) TO (60)',
    'public.full_one (attached)',
  ],
  [
    'it was taken out and put back',
    'ALTER PUBLICATION ours DROP TABLE items; ALTER PUBLICATION ours ADD TABLE items',
    'public.items',
  ],
  [
    'an operation was left out and put back',
    `ALTER PUBLICATION ours SET (publish = 'insert'); ALTER PUBLICATION ours SET (publish = 'insert, update, delete, truncate')`,
    'the publication itself',
  ],
])('%s: named, as what is sent too', async (_, sql, what) => {
  await change(sql);
  expect(await altered()).toEqual([what]);
  expect(resentSince(await ours(), then)).toEqual([what]);
});

test.each([
  ['values were changed by USING', 'ALTER TABLE orders ALTER COLUMN a TYPE text COLLATE "C" USING upper(a)'],
  ['a default was evaluated for each row', 'ALTER TABLE orders ADD COLUMN c float8 DEFAULT random()'],
])('%s: rows are rewritten, and nothing of it is sent', async (_, sql) => {
  await change(sql);
  expect(await altered()).toEqual(['public.orders (rows rewritten by ALTER TABLE)']);
  expect(resentSince(await ours(), then)).toEqual([]);
});

test.each([
  ['exchanged their names', 'RENAME a TO aside; RENAME b TO a; RENAME aside TO b'],
  ['were dropped and made again', 'DROP n; ADD n int'],
])('columns that %s', async (_, actions) => {
  await change(actions.replace(/(^|; )/g, '$1ALTER TABLE orders '));
  expect(await altered()).toEqual(['public.orders (other columns have the names of before)']);
});

test('whole rows identify a table, and the clone was given a column with a value: changes found no row meanwhile', async () => {
  // What is read last stands for the clone here: it has the column, whichever side had it first.
  await change(`ALTER TABLE notes ADD COLUMN plain text`);
  expect(alteredSince(then, await ours())).toEqual([]);
  await change(
    `ALTER TABLE notes ADD COLUMN given text DEFAULT 'x'; ALTER TABLE items ADD COLUMN given text DEFAULT 'x'`,
  );
  const clone = await ours();
  expect(alteredSince(then, clone)).toEqual([
    'public.notes (whole rows identify it, and the clone was given a column)',
  ]);
  expect(digestOf(then.rows, clone.rows)).not.toBe(digestOf(then.rows, then.rows));
  await change('VACUUM (FREEZE) pg_attribute');
  expect(alteredSince(clone, await ours())).toEqual([]);
});

test('what was compared once is not doubted again, until it is altered once more', async () => {
  const detach = 'ALTER TABLE parts DETACH PARTITION loaded; ALTER TABLE parts ATTACH PARTITION loaded DEFAULT';
  await change(`${detach}; ALTER TABLE orders ADD COLUMN d float8 DEFAULT random()`);
  const compared = digestOf((await ours()).rows, then.rows);
  await change('VACUUM FULL orders; ALTER TABLE items ADD COLUMN d int; TRUNCATE part_1');
  expect(digestOf((await ours()).rows, then.rows)).toBe(compared);
  await change(detach);
  const again = digestOf((await ours()).rows, then.rows);
  expect(again).not.toBe(compared);
  await change('ALTER TABLE orders ALTER COLUMN d TYPE float8 USING d + 1');
  expect(digestOf((await ours()).rows, then.rows)).not.toBe(again);
});
