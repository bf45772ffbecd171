import type { Client } from 'pg';
import { lockForAMoment } from '../../../sql-runner/resources/added-table/lock-for-a-moment';
import { sameTreeGuard } from '../../../sql-runner/plan/added-table-guards';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { comingTree } from '../support/new-roots';
import { contract } from '../support/new-tables';

/** What is asked before and after a partitioned table is published, and while all that is below it is locked. */

let test_: TestCluster;
let client: Client;
let root: number;
let parts: number[];

const oidOf = async (table: string): Promise<number> =>
  Number((await client.query<{ oid: string }>('SELECT $1::regclass::oid::text AS oid', [table])).rows[0]!.oid);

beforeAll(async () => {
  test_ = await startTestCluster({ databases: ['shop'] });
  client = await test_.connect('shop');
  await client.query(`CREATE TABLE tree (id integer PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE one PARTITION OF tree FOR VALUES FROM (0) TO (10);
    CREATE TABLE sub PARTITION OF tree FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
    CREATE TABLE leaf PARTITION OF sub FOR VALUES FROM (10) TO (15); CREATE TABLE alone (id integer NOT NULL PRIMARY KEY)`);
  root = await oidOf('tree');
  parts = [await oidOf('one'), await oidOf('sub'), await oidOf('leaf')];
});
afterAll(() => test_?.stop());

async function holds(table = 'tree'): Promise<boolean> {
  const of = factsOf(contract, comingTree(), streamsOf(contract)[0]!);
  const { sql, values } = sameTreeGuard(of, { oid: root, schema: 'public', name: table }, parts);
  return (await client.query<{ ok: boolean }>(sql, [...values])).rows[0]!.ok;
}

test('it holds of the table that the plan was made for', async () => {
  expect([await holds(), await holds('other')]).toEqual([true, false]);
});

test.each([
  ['a partition more', 'CREATE TABLE more PARTITION OF tree DEFAULT'],
  ['one more far below', 'CREATE TABLE more PARTITION OF sub FOR VALUES FROM (15) TO (20)'],
  ['one that was attached', 'ALTER TABLE tree ATTACH PARTITION alone FOR VALUES FROM (20) TO (30)'],
  ['one that was detached', 'ALTER TABLE sub DETACH PARTITION leaf'],
  ['one that was dropped', 'DROP TABLE one'],
  ['one that was made again', 'DROP TABLE one; CREATE TABLE one PARTITION OF tree FOR VALUES FROM (0) TO (10)'],
  ['one that is unlogged', 'ALTER TABLE leaf SET UNLOGGED'],
  ['another name', 'ALTER TABLE tree RENAME TO others'],
])('not with %s', async (_, ddl) => {
  await client.query(`BEGIN; ${ddl}`);
  const after = await holds();
  await client.query('ROLLBACK');
  expect([after, await holds()]).toEqual([false, true]);
});

test('the lock of the whole keeps out who writes to a part, and who makes, attaches or drops one', async () => {
  const other = await test_.connect('shop');
  await client.query('BEGIN; LOCK TABLE tree IN SHARE ROW EXCLUSIVE MODE');
  await other.query(`SET lock_timeout = '100ms'`);
  for (const text of [
    'INSERT INTO leaf VALUES (12)',
    'INSERT INTO tree VALUES (12)',
    'CREATE TABLE more PARTITION OF tree DEFAULT',
    'CREATE TABLE more PARTITION OF sub DEFAULT',
    'ALTER TABLE tree ATTACH PARTITION alone FOR VALUES FROM (20) TO (30)',
    'ALTER TABLE sub DETACH PARTITION leaf',
    'DROP TABLE leaf',
  ])
    await expect(other.query(text)).rejects.toMatchObject({ code: '55P03' });
  expect((await other.query('SELECT FROM tree')).rowCount).toBe(0);
  await client.query('ROLLBACK');
  await other.end();
});

test('whoever waits for it to get all of its locks does so for one and a half second at most', async () => {
  const holders = await Promise.all(
    ['one', 'leaf'].map(async (table) => ({ table, client: await test_.connect('shop') })),
  );
  for (const { table, client: holder } of holders)
    await holder.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
  const [limit, ...statements] = lockForAMoment({ schema: 'public', name: 'tree' }, true);
  await client.query(`BEGIN; ${limit!.text}`);
  // As if the first of them ended just before its second was over.
  await client.query(`SET LOCAL lock_timeout = '1h'`);
  const waits = (async () => {
    for (const { text } of statements) await client.query(text);
  })();
  await expect(waits).rejects.toMatchObject({ code: '57014' });
  await client.query('ROLLBACK');
  await Promise.all(holders.map(({ client: holder }) => holder.end()));
  await client.query(
    `BEGIN; ${lockForAMoment({ schema: 'public', name: 'tree' }, true)
      .map(({ text }) => text)
      .join('; ')}`,
  );
  expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
  await client.query('ROLLBACK');
});
