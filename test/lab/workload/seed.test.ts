import { type SeededTable, seedWorkload } from '../../../lab/workload/seed';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';

const ROWS = 6000;
let cluster: TestCluster;
let seeded: SeededTable[];

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'ledger', 'again_shop', 'again_ledger'] });
  seeded = await seedWorkload(cluster.connect, { rows: ROWS });
});
afterAll(() => cluster?.stop());

async function column<T>(database: string, sql: string): Promise<T[]> {
  const client = await cluster.connect(database);
  const result = await client.query<{ value: T }>(sql);
  return result.rows.map((row) => row.value);
}

test('fills at least twelve tables in two databases with at least the rows asked for', () => {
  expect(new Set(seeded.map((table) => table.database))).toEqual(new Set(['shop', 'ledger']));
  expect(seeded.length).toBeGreaterThanOrEqual(12);
  expect(seeded.reduce((sum, table) => sum + table.rows, 0)).toBeGreaterThanOrEqual(ROWS);
  expect(seeded.filter((table) => table.rows === 0)).toEqual([]);
});

test('content depends on the number of rows alone', async () => {
  await seedWorkload((database) => cluster.connect(`again_${database}`), { rows: ROWS });
  for (const { database, schema, name } of seeded) {
    const quoted = `"${schema}"."${name}"`;
    const digest = `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS value FROM ${quoted} AS t`;
    expect([quoted, await column(database, digest)]).toEqual([quoted, await column(`again_${database}`, digest)]);
  }
});

test('every table that the demo replicates has a replica identity, partitions included', async () => {
  const lacking = `
    SELECT c.oid::regclass::text AS value FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'Audit')
      AND NOT (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))`;
  expect(await column('shop', lacking)).toEqual([]);
  expect(await column('ledger', lacking)).toEqual([]);
});

test('pictures are stored out of line, and events in every partition', async () => {
  const toasted = `SELECT count(*)::int AS value FROM product_images WHERE pg_column_size(content) >= length(content) AND length(content) > 8000`;
  expect(await column('shop', toasted)).toEqual(
    await column('shop', 'SELECT count(*)::int AS value FROM product_images'),
  );
  const toastRelation = `SELECT pg_relation_size(reltoastrelid) > 1000000 AS value FROM pg_class WHERE relname = 'product_images'`;
  expect(await column('shop', toastRelation)).toEqual([true]);
  expect(await column('shop', 'SELECT count(DISTINCT tableoid)::int AS value FROM events')).toEqual([4]);
});

test('the master user owns it all and is not a superuser where it can do without', async () => {
  const owners = `SELECT DISTINCT r.rolname || ':' || r.rolsuper AS value FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
                  WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'Audit', 'scratch'))`;
  expect(await column('shop', owners)).toEqual([`${cluster.master.user}:${!from(16)}`]);
  expect(await column('ledger', owners)).toEqual([`${cluster.master.user}:${!from(16)}`]);
});

test('refuses a number of rows that leaves tables empty', async () => {
  await expect(seedWorkload(cluster.connect, { rows: 10 })).rejects.toThrow('at least 5000');
});
