import { lockWaits } from '../../../sql-runner/postgres/catalog/lock-waits';
import { relationName } from '../../../sql-runner/postgres/catalog/apply-workers';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import { materializedViews } from '../../../sql-runner/postgres/catalog/unreplicated';
import { catalogTables } from '../../../sql-runner/postgres/catalog/tables';
import { displayQualified, quoteQualified } from '../../../sql-runner/postgres/text/quoting';
import type { Session } from '../../../sql-runner/postgres/session';
import { counted, tablesNotCompared } from '../../../sql-runner/resources/not-compared';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

/** Names that look like others unless they are quoted, and the words that tell what nobody compared. */
const NAMES = [
  ['a.b', 'c', '"a.b".c'],
  ['a', 'b.c', 'a."b.c"'],
  ['public', 'Odd "x", y', 'public."Odd ""x"", y"'],
  ['public', 'été', 'public."été"'],
  ['public', '1st', 'public."1st"'],
  ['public', 'order_2', 'public.order_2'],
] as const;

let cluster: TestCluster;
let session: Session;
beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'kinds'], parameters: { wal_level: 'logical' } });
  const client = await cluster.connect('shop');
  await client.query('CREATE SCHEMA a; CREATE SCHEMA "a.b"');
  for (const [schema, name] of NAMES)
    await client.query(`CREATE TABLE ${quoteQualified({ schema, name })} (id int PRIMARY KEY)`);
  const all = NAMES.map(([schema, name]) => quoteQualified({ schema, name })).join(', ');
  await client.query(`CREATE PUBLICATION odd FOR TABLE ${all}; COMMENT ON PUBLICATION odd IS 'marked'`);
  session = await openSession(targetOf(cluster, 'shop'));
});
afterAll(async () => {
  await session?.close();
  await cluster?.stop();
});

test.each(NAMES)('%s and %s are shown as %s, by us and by the server', async (schema, name, shown) => {
  expect(displayQualified({ schema, name })).toBe(shown);
  const [row] = await session.query<{ oid: number }>('SELECT $1::regclass::oid::int8::float8 AS oid', [
    quoteQualified({ schema, name }),
  ]);
  expect(await relationName(session, row!.oid)).toBe(shown);
});

test('no two tables of a publication share a name', async () => {
  const [odd] = await publications(session);
  const shown = NAMES.map(([, , one]) => one).sort();
  expect(Object.keys(odd!.rows.members).sort()).toEqual(shown);
  expect(
    Object.values(odd!.rows.tables)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(shown);
});

test('who waits for a lock is told of which table', async () => {
  const holder = await cluster.connect('shop');
  const waiter = await cluster.connect('shop');
  await holder.query('BEGIN; LOCK TABLE a."b.c"');
  const { rows } = await waiter.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const waits = waiter.query('SELECT FROM a."b.c"');
  let seen: string | null | undefined;
  while (seen === undefined) seen = (await lockWaits(session, rows[0]!.pid))[0]?.table;
  expect(seen).toBe('a."b.c"');
  await holder.query('ROLLBACK');
  await waits;
});

const KINDS = `
  CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE "not asked for" (id int PRIMARY KEY);
  CREATE UNLOGGED TABLE cache (id int PRIMARY KEY); CREATE TEMPORARY TABLE mine (id int);
  CREATE FOREIGN TABLE afar (id int) SERVER files OPTIONS (filename '/dev/null');
  CREATE TABLE split (id int) PARTITION BY LIST (id); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
  CREATE FOREIGN TABLE split_2 PARTITION OF split FOR VALUES IN (2) SERVER files OPTIONS (filename '/dev/null');
  CREATE TABLE whole (id int) PARTITION BY LIST (id); CREATE UNLOGGED TABLE whole_1 PARTITION OF whole FOR VALUES IN (1);
  CREATE TABLE whole_2 PARTITION OF whole FOR VALUES IN (2);
  CREATE TABLE new (id int); CREATE TABLE left_it (id int); CREATE MATERIALIZED VIEW "Sums" AS SELECT 1 AS one;
  CREATE TABLE of_extension (id int); ALTER EXTENSION file_fdw ADD TABLE of_extension`;

test('every kind of table with rows that is not compared is counted and named, and no other', async () => {
  const admin = await cluster.cluster.adminClient('kinds');
  await admin.query(KINDS);
  await admin.end();
  const other = await openSession(targetOf(cluster, 'kinds'));
  const [tables, views] = [await catalogTables(other), await materializedViews(other)];
  await other.close();
  const named = (...names: string[]) => names.map((name) => ({ schema: 'public', name }));
  const scope = {
    tables: named('kept', 'split_1', 'whole'),
    newTables: named('new'),
    noLongerFollowed: [],
    doubts: [],
  };
  const left = [{ schema: 'public', name: 'left_it', reason: 'taken out' }];
  expect(tablesNotCompared(tables, [{ ...scope, notReplicated: left }])).toEqual([
    '1 table unlogged: public.cache',
    '2 tables foreign: public.afar, public.split_2',
    '1 table of an extension: public.of_extension',
    '1 table in no stream: public."not asked for"',
    '1 table unlogged in a table that was compared, and not replicated: public.whole_1',
  ]);
  expect(counted(views, '', 'materialized view')).toEqual(['1 materialized view: public."Sums"']);
  expect(counted([], 'unlogged')).toEqual([]);
});
