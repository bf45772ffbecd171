import type { Client } from 'pg';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { conninfo } from '../support/clone-pair';

/** What PUBLICATION_READ_BY_OTHERS says of somebody who subscribes to a publication of ours, and what is to be done. */
let cluster: TestCluster;
let source: Client;
const subscribers: Record<string, Client> = {};

async function subscribe(name: string): Promise<Client> {
  const client = await cluster.cluster.adminClient(name);
  cluster.onStop(() => client.end());
  await source.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [name]);
  await client.query('CREATE TABLE orders (id int PRIMARY KEY)');
  await client.query('CREATE TABLE audit (id int PRIMARY KEY)');
  await client.query(
    `CREATE SUBSCRIPTION ${name} CONNECTION ${quoteLiteral(conninfo(cluster, 'shop'))}
     PUBLICATION acas_demo_shop WITH (create_slot = false, copy_data = false)`,
  );
  return client;
}

const arrived = async (name: string, id: number, table = 'orders') =>
  (await subscribers[name]!.query(`SELECT FROM ${table} WHERE id = $1`, [id])).rows.length === 1;

async function isPast(name: string, lsn: string): Promise<boolean> {
  const { rows } = await source.query<{ past: boolean }>(
    'SELECT confirmed_flush_lsn >= $2::pg_lsn AS past FROM pg_replication_slots WHERE slot_name = $1',
    [name, lsn],
  );
  return rows[0]!.past;
}

async function failing(name: string): Promise<boolean> {
  const counted = 'SELECT apply_error_count > 0 AS failing FROM pg_stat_subscription_stats WHERE subname = $1';
  const { rows } = await source.query<{ failing: boolean }>(counted, [name]);
  return rows[0]?.failing === true;
}

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'warned', 'unwarned'], parameters: { wal_level: 'logical' } });
  source = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => source.end());
  await source.query('CREATE TABLE orders (id int PRIMARY KEY)');
  await source.query('CREATE TABLE audit (id int PRIMARY KEY)');
  await source.query('CREATE PUBLICATION acas_demo_shop FOR TABLE orders, audit');
  for (const name of ['warned', 'unwarned']) subscribers[name] = await subscribe(name);
});
afterAll(() => cluster?.stop());

test('who was given another publication in time loses nothing; who was not stops, or does', async () => {
  await source.query('INSERT INTO orders VALUES (1)');
  await source.query('CREATE PUBLICATION theirs FOR TABLE orders, audit');
  const { rows } = await source.query<{ now: string }>('SELECT pg_current_wal_lsn()::text AS now');
  await eventually(() => isPast('warned', rows[0]!.now));
  await subscribers.warned!.query('ALTER SUBSCRIPTION warned SET PUBLICATION theirs');
  await eventually(() => arrived('unwarned', 1));

  // A table is taken out of it: nothing fails, and nothing says so.
  await source.query('ALTER PUBLICATION acas_demo_shop SET TABLE orders');
  await source.query('INSERT INTO audit VALUES (1)');
  await source.query('INSERT INTO orders VALUES (10)');
  await eventually(() => arrived('warned', 1, 'audit'));
  await eventually(() => arrived('unwarned', 10));
  expect(await arrived('unwarned', 1, 'audit')).toBe(false);
  if (from(15)) expect(await failing('unwarned')).toBe(false);

  await source.query('DROP PUBLICATION acas_demo_shop');
  await source.query('INSERT INTO orders VALUES (2)');
  await eventually(() => arrived('warned', 2));
  expect(await arrived('warned', 1)).toBe(true);
  if (from(15) && !from(18)) await eventually(() => failing('unwarned'));
  await source.query('CREATE PUBLICATION acas_demo_shop FOR TABLE orders');
  await source.query('INSERT INTO orders VALUES (3)');
  await eventually(() => arrived('warned', 3));
  // From 18 on it goes on, and what was written meanwhile never comes.
  if (from(18)) await eventually(() => arrived('unwarned', 3));
  else expect(await arrived('unwarned', 3)).toBe(false);
  expect(await arrived('unwarned', 2)).toBe(false);
});
