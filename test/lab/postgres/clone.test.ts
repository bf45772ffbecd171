import { readdir } from 'node:fs/promises';
import { type Client, escapeLiteral } from 'pg';
import { freePort } from '../../../lab/postgres/free-port';
import type { PostgresCluster } from '../../../lab/postgres/cluster';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { eventually } from '../../support/eventually';

const PARAMETERS = { wal_level: 'logical', max_worker_processes: '20' };
const WRITERS = 4;

let source: TestCluster;
let clone: PostgresCluster;
let seedLsn: string;
let lsnBefore: string;
let startWithoutLogicalWal: unknown;
let writing = true;
let writers: Promise<number>[] = [];

/** Inserts, updates, deletes and rolls back until told to stop; returns how many transactions it made. */
async function write(number: number): Promise<number> {
  const client = await source.connect('shop');
  let made = 0;
  for (; writing; made++) {
    await client.query('BEGIN');
    await client.query(
      'INSERT INTO item (writer, note) SELECT $1, repeat(md5(random()::text), 20) FROM generate_series(1, 5)',
      [number],
    );
    await client.query(
      'UPDATE item SET n = n + 1 WHERE id IN (SELECT id FROM item WHERE writer = $1 ORDER BY random() LIMIT 3)',
      [number],
    );
    await client.query('DELETE FROM item WHERE id = (SELECT min(id) FROM item WHERE writer = $1)', [number]);
    await client.query(made % 5 === 0 ? 'ROLLBACK' : 'COMMIT');
  }
  return made;
}

async function one<T>(client: Client, sql: string): Promise<T | undefined> {
  return (await client.query<{ value: T }>(sql)).rows[0]?.value;
}

async function onClone(database = 'shop'): Promise<Client> {
  const client = await clone.connect({ ...source.master, database });
  source.onStop(() => client.end());
  return client;
}

beforeAll(async () => {
  source = await startTestCluster({ databases: ['shop', 'other'], parameters: PARAMETERS });
  const shop = await source.connect('shop');
  await shop.query(
    'CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, writer int, n int DEFAULT 0, note text)',
  );
  await shop.query(
    'INSERT INTO item (writer, note) SELECT g % 4, repeat(md5(g::text), 20) FROM generate_series(1, 40000) g',
  );
  await shop.query('CREATE PUBLICATION acas FOR TABLE item');
  await shop.query("SELECT pg_create_logical_replication_slot('acas', 'pgoutput')");

  writers = Array.from({ length: WRITERS }, (_, number) => write(number));
  await eventually(async () => (await one<number>(shop, 'SELECT count(*)::int AS value FROM item WHERE n > 0'))! > 50);
  const open = await source.connect('shop');
  await open.query('BEGIN');
  await open.query("INSERT INTO item (writer, note) VALUES (-1, 'open across the clone')");

  lsnBefore = (await one<string>(shop, 'SELECT pg_current_wal_lsn()::text AS value')) ?? '';
  clone = await source.cluster.cloneTo({ directory: source.cloneDirectory(), port: await freePort() });
  source.onStop(() => clone.destroy());
  startWithoutLogicalWal = await clone.firstStartOfClone().catch((error: unknown) => error);
  await clone.setParameters(PARAMETERS);
  await open.query('UPDATE item SET n = 7 WHERE writer = -1');
  seedLsn = await clone.firstStartOfClone();
  await open.query('COMMIT');
});

afterAll(async () => {
  writing = false;
  await Promise.allSettled(writers);
  await source.stop();
});

it('has copied the source at a position after the clone began, and says so in every database', async () => {
  for (const database of ['shop', 'other', 'postgres', 'template1']) {
    const client = await onClone(database);
    expect(await one(client, 'SELECT aurora_volume_logical_start_lsn()::text AS value')).toBe(seedLsn);
    await client.end();
  }
  const shop = await source.connect('shop');
  expect(
    await one(
      shop,
      `SELECT '${seedLsn}'::pg_lsn > '${lsnBefore}' AND '${seedLsn}'::pg_lsn <= pg_current_wal_lsn() AS value`,
    ),
  ).toBe(true);
  expect(await one(shop, 'SELECT aurora_volume_logical_start_lsn()::text AS value')).toBeNull();
});

it('did not start without logical WAL, as it has slots, but did after its parameters were corrected', () => {
  expect(startWithoutLogicalWal).toMatchObject({
    code: 'LAB_POSTGRES_START_FAILED',
    seen: expect.stringMatching(/"?wal_level"? < "?logical"?/) as string,
  });
});

it('keeps the position after restarts, checkpoints, and changes of its parameters', async () => {
  expect(await clone.settings(['checkpoint_timeout', 'max_wal_size'])).toEqual({
    checkpoint_timeout: '5min',
    max_wal_size: '4GB',
  });
  await clone.setParameters({ ...PARAMETERS, work_mem: '5MB' });
  await clone.restart();
  const client = await onClone();
  expect(await one(client, 'SELECT aurora_volume_logical_start_lsn()::text AS value')).toBe(seedLsn);
  await expect(clone.firstStartOfClone()).rejects.toThrow('not a clone that waits');
});

it('has the slots and publications of the source, and its own port and parameters', async () => {
  const client = await onClone();
  expect(await one(client, 'SELECT string_agg(slot_name, $$,$$) AS value FROM pg_replication_slots')).toBe('acas');
  expect(await one(client, 'SELECT string_agg(pubname, $$,$$) AS value FROM pg_publication')).toBe('acas');
  expect(await one(client, 'SELECT count(*)::int AS value FROM item WHERE writer = -1')).toBe(0);
  expect(await clone.settings(['port'])).toEqual({ port: String(clone.port) });
  expect((await readdir(clone.directory)).sort()).toEqual(['data', 'server.log']);
});

it('has the same rows as the source after replicating from that position on', async () => {
  const target = await onClone();
  await target.query("SELECT pg_drop_replication_slot('acas')");
  const { user, password } = source.master;
  const quoted = password.replace(/[\\']/g, '\\$&');
  const conninfo = `host=localhost port=${source.cluster.port} dbname=shop user=${user} password='${quoted}' sslmode=verify-full sslrootcert=rds-ca.pem`;
  await target.query(
    `CREATE SUBSCRIPTION acas CONNECTION ${escapeLiteral(conninfo)} PUBLICATION acas
     WITH (create_slot = false, slot_name = 'acas', copy_data = false, enabled = false)`,
  );
  await target.query(
    "SELECT pg_replication_origin_advance('pg_' || oid, $1) FROM pg_subscription WHERE subname = 'acas'",
    [seedLsn],
  );
  await target.query('ALTER SUBSCRIPTION acas ENABLE');

  const shop = await source.connect('shop');
  await eventually(async () => one(shop, "SELECT active AS value FROM pg_replication_slots WHERE slot_name = 'acas'"));
  writing = false;
  const made = await Promise.all(writers);
  expect(Math.min(...made)).toBeGreaterThan(0);
  const end = await one<string>(shop, 'SELECT pg_current_wal_lsn()::text AS value');
  await eventually(async () =>
    one(shop, `SELECT confirmed_flush_lsn >= '${end}' AS value FROM pg_replication_slots WHERE slot_name = 'acas'`),
  );

  const digest = `SELECT count(*) || ' ' || sum(hashtextextended(item::text, 42)) AS value FROM item`;
  expect(await one(target, digest)).toBe(await one(shop, digest));
  expect(await one(target, 'SELECT n AS value FROM item WHERE writer = -1')).toBe(7);
});
