import { openLongTransaction } from '../../../lab/workload/long-transaction';
import { seedWorkload } from '../../../lab/workload/seed';
import { runTransaction } from '../../../lab/workload/transaction';
import { startWriters } from '../../../lab/workload/writers';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';

let cluster: TestCluster;
const connect = (database: string) => cluster.connect(database);
const fast = { writers: 3, pauseMs: 0, seed: 11 };

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'ledger'], parameters: { wal_level: 'logical' } });
  await seedWorkload(connect, { rows: 6000 });
});
afterAll(() => cluster?.stop());

/** Changes of committed transactions as the server decodes them from WAL; a move between partitions is one. */
async function decodedChanges(slot: string, database: string): Promise<number> {
  const client = await cluster.connect(database);
  const { rows } = await client.query<{ data: string }>(
    'SELECT data FROM pg_logical_slot_get_changes($1, NULL, NULL)',
    [slot],
  );
  const lines = rows.map((row) => row.data);
  const moves = lines.filter((line, i) => /events.*: INSERT/.test(line) && /events.*: DELETE/.test(lines[i - 1] ?? ''));
  return lines.filter((line) => line.startsWith('table ')).length - moves.length;
}

test('the counts are those of the server', async () => {
  for (const database of ['shop', 'ledger']) {
    const client = await cluster.connect(database);
    await client.query("SELECT pg_create_logical_replication_slot($1, 'test_decoding')", [`count_${database}`]);
  }
  const writers = await startWriters(connect, fast);
  await eventually(async () => writers.counts().transactions >= 400);
  const counts = await writers.stop();
  expect(counts.rowsChanged).toBe(
    (await decodedChanges('count_shop', 'shop')) + (await decodedChanges('count_ledger', 'ledger')),
  );
  expect(counts.rolledBack).toBeGreaterThan(0);
  expect(counts).toMatchObject({ interrupted: 0, reconnects: 0, transactions: counts.committed + counts.rolledBack });
});

test('writers outlive a restart of the server', async () => {
  const writers = await startWriters(connect, fast);
  await eventually(async () => writers.counts().committed >= 50);
  await cluster.cluster.restart();
  const before = writers.counts().committed;
  await eventually(async () => writers.counts().committed >= before + 50);
  const counts = await writers.stop();
  expect(counts.reconnects).toBeGreaterThanOrEqual(fast.writers);
  expect(counts.transactions).toBe(counts.committed + counts.rolledBack + counts.interrupted);
});

test('writers do not wait for the long transaction, and its rows appear when it commits', async () => {
  const marked = async (): Promise<number> => {
    const client = await cluster.connect('shop');
    const { rows } = await client.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM customers WHERE 'long transaction' = ANY (tags)",
    );
    return rows[0]?.n ?? -1;
  };
  const writers = await startWriters(connect, fast);
  const long = await openLongTransaction(connect);
  const before = writers.counts().committed;
  await eventually(async () => writers.counts().committed >= before + 200);
  expect(await marked()).toBe(0);
  await long.commit();
  expect(await marked()).toBe(20);
  expect(long.rows).toBeGreaterThan(20);
  await writers.stop();
});

test('a row that another writer takes to another partition meanwhile undoes the transaction, and no more', async () => {
  const [one, other] = [await cluster.connect('shop'), await cluster.connect('shop')];
  await one.query(`CREATE TABLE moved (id int, at int) PARTITION BY RANGE (at)`);
  for (const part of [0, 1])
    await one.query(`CREATE TABLE moved_${part} PARTITION OF moved FOR VALUES FROM (${part}) TO (${part + 1})`);
  await one.query('INSERT INTO moved VALUES (1, 0)');
  await one.query('BEGIN');
  await one.query('UPDATE moved SET at = 1');
  const second = runTransaction(other, async (tx) => void (await tx.change('UPDATE moved SET at = 0 WHERE id = 1')));
  await eventually(
    async () =>
      (await one.query(`SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`)).rowCount === 1,
  );
  await one.query('COMMIT');
  expect(await second).toEqual({ end: 'rolledBack', rows: 0 });
  await one.query('DROP TABLE moved');
});

test('the same seed is good twice, and an error of a writer comes out', async () => {
  const client = await cluster.connect('ledger');
  const writers = await startWriters(connect, fast);
  await eventually(async () => writers.counts().transactions >= 50);
  await client.query('DROP TABLE "Audit"."Signers"');
  await expect(
    eventually(async () => {
      writers.counts();
      return false;
    }),
  ).rejects.toThrow('a writer could not rename a signer: relation "Audit.Signers" does not exist');
  await expect(writers.stop()).rejects.toThrow('rename a signer');
});
