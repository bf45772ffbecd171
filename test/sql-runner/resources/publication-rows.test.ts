import type { PublicationFacts } from '../../../sql-runner/model/observation';
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
  CREATE ROLE guest;
  GRANT guest TO CURRENT_USER;
  CREATE SCHEMA sales;
  GRANT CREATE ON SCHEMA public TO guest;
  GRANT CREATE ON SCHEMA sales TO guest;
  CREATE ROLE reader;
  CREATE TABLE sales.bills (id int PRIMARY KEY, a text, b text, c text DEFAULT 'c', d text);
  CREATE TABLE sales.lines (id int PRIMARY KEY, a text);
  CREATE FUNCTION nothing () RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE PUBLICATION ours FOR TABLE parts, orders, items, notes, sales.bills, sales.lines;
  COMMENT ON PUBLICATION ours IS 'marked'`;

const TRIGGER = 'CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION nothing()';

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
  [
    'columns are altered, and rights on the table given',
    'ALTER TABLE items ALTER a SET STATISTICS 7; ALTER TABLE items ALTER a TYPE varchar; GRANT SELECT ON items TO guest',
  ],
  [
    'a default is another one, or a column must not be null',
    `ALTER TABLE sales.bills ALTER c SET DEFAULT 'd'; ALTER TABLE sales.bills ALTER a SET DEFAULT 'a'; ALTER TABLE sales.lines ALTER a SET NOT NULL`,
  ],
  ['a trigger comes and goes', `${TRIGGER}; DROP TRIGGER t ON items`],
  [
    'the table is set otherwise',
    'ALTER TABLE items SET (fillfactor = 90); ALTER TABLE items REPLICA IDENTITY FULL; ALTER TABLE items REPLICA IDENTITY DEFAULT',
  ],
  ['rights on its schema are given', 'GRANT USAGE ON SCHEMA sales TO reader'],
  ['types are frozen', 'VACUUM (FREEZE) pg_type; VACUUM FULL pg_type; VACUUM FULL pg_namespace'],
  [
    'a table in the middle of a tree is renamed',
    'ALTER TABLE deep RENAME TO deeper; ALTER TABLE deeper RENAME TO deep',
  ],
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
  ['part_1', 'SET UNLOGGED; ALTER TABLE part_1 SET LOGGED'],
  ['leaf', 'SET UNLOGGED'],
])(
  'partition %s took changes that no WAL has: named, and cannot be told from what TRUNCATE leaves',
  async (name, sql) => {
    await change(`ALTER TABLE ${name} ${sql}`);
    expect(await altered()).toEqual([`public.${name} (a partition whose rows are in a new file)`]);
    expect(resentSince(await ours(), then)).toEqual([]);
  },
);

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

const SWAP = 'RENAME a TO aside; RENAME b TO a; RENAME aside TO b';
test.each([
  ['exchanged their names', `${SWAP}; ${SWAP}`],
  ['gave their place to another one', 'RENAME d TO aside; ADD d text; DROP d; RENAME aside TO d'],
])('columns that %s, and are as before', async (_, actions) => {
  await change(actions.replace(/(^|; )/g, '$1ALTER TABLE sales.bills '));
  const now = await ours();
  const what = ['sales.bills (columns renamed or altered on one side, and put back)'];
  expect([alteredSince(now, then), alteredSince(then, now)]).toEqual([what, what]);
});

const LENT = '(renamed, moved to another schema or given to another owner, on either side)';
test.each([
  ['its name', 'RENAME TO', 'ALTER TABLE items RENAME TO items_old; ALTER TABLE items_old RENAME TO items'],
  ['its schema', 'SET SCHEMA', 'ALTER TABLE items SET SCHEMA sales; ALTER TABLE sales.items SET SCHEMA public'],
  ['its owner', 'OWNER TO', 'ALTER TABLE items OWNER TO guest; ALTER TABLE items OWNER TO CURRENT_USER'],
])('a table gave %s away for a while, by %s: what has it meanwhile got its changes', async (_, __, sql) => {
  await change(sql);
  const now = await ours();
  expect([alteredSince(now, then), alteredSince(then, now)]).toEqual([
    [`public.items ${LENT}`],
    [`public.items ${LENT}`],
  ]);
  expect(digestOf(now.rows, then.rows)).not.toBe(digestOf(then.rows, now.rows));
  await change(`VACUUM FULL pg_type; ${sql}`);
  expect(digestOf((await ours()).rows, then.rows)).not.toBe(digestOf(now.rows, then.rows));
});

test('while a table has another name on one side, that is said and nothing else', async () => {
  await change('ALTER TABLE items RENAME TO items_old');
  expect(alteredSince(then, await ours())).toEqual([]);
  await change('ALTER TABLE items_old RENAME TO items');
});

test('a schema gave its name away for a while, with all that is in it', async () => {
  const rename = 'ALTER SCHEMA sales RENAME TO before; ALTER SCHEMA before RENAME TO sales';
  await change(rename);
  const now = await ours();
  const what = ['schema sales (renamed, or given other rights, on either side)'];
  expect([alteredSince(now, then), alteredSince(then, now)]).toEqual([what, what]);
  await change(rename);
  expect(digestOf((await ours()).rows, then.rows)).not.toBe(digestOf(now.rows, then.rows));
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
  await change('VACUUM FULL orders; ALTER TABLE items ADD COLUMN d int; TRUNCATE notes');
  expect(digestOf((await ours()).rows, then.rows)).toBe(compared);
  await change(detach);
  const again = digestOf((await ours()).rows, then.rows);
  expect(again).not.toBe(compared);
  await change('ALTER TABLE orders ALTER COLUMN d TYPE float8 USING d + 1');
  expect(digestOf((await ours()).rows, then.rows)).not.toBe(again);
});
