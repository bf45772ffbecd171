import { Client } from 'pg';
import { GaveUp } from '../../../../sql-runner/execute/execution';
import { createSlot, dropSlot } from '../../../../sql-runner/execute/operations/slot';
import { replicationSlots } from '../../../../sql-runner/postgres/catalog/slots';
import { eventually } from '../../../support/eventually';
import { startTestCluster, type TestCluster } from '../../../support/postgres';
import { sourceContract } from '../../support/contract';
import { liveExecution, waits, type Live } from '../../support/live';

let cluster: TestCluster;
let live: Live;
beforeAll(async () => {
  cluster = await startTestCluster({
    databases: ['shop'],
    parameters: { wal_level: 'logical', max_prepared_transactions: '5' },
  });
  live = liveExecution(cluster, sourceContract(['shop']));
});
afterAll(async () => {
  await live.close();
  await cluster.stop();
});

const place = { side: 'source', database: 'shop' } as const;
const slotNames = async () =>
  (await replicationSlots(await live.execution.connections.reader(place))).map((slot) => slot.name);

test('whoever keeps a slot from being created is named while it waits', async () => {
  const writer = await live.open('shop');
  await writer.query('CREATE TABLE public.t (id int)');
  await writer.query('BEGIN');
  await writer.query('INSERT INTO public.t VALUES (1)');
  const created = createSlot({ kind: 'create-slot', place, slot: 'waiting' }, live.execution);
  await eventually(async () => waits(live).length > 0);
  expect(waits(live)).toEqual([`open transactions to end: process ${writer.backendPid} of master`]);
  expect(live.events.at(-1)).toEqual({
    type: 'waiting',
    for: expect.any(String),
    slot: 'waiting',
    seconds: expect.any(Number),
    blockers: [
      {
        who: `process ${writer.backendPid} of master`,
        database: 'shop',
        application: 'sql-runner demo',
        state: 'idle in transaction',
        seconds: expect.any(Number),
        statement: 'INSERT INTO public.t VALUES (…)',
        end: `SELECT pg_terminate_backend(${writer.backendPid});`,
      },
    ],
  });
  await writer.query('COMMIT');
  await created;
  expect(await replicationSlots(await live.execution.connections.reader(place))).toMatchObject([
    { name: 'waiting', plugin: 'pgoutput', database: 'shop', temporary: false, confirmedFlushLsn: expect.any(String) },
  ]);
});

test('a prepared transaction, which no process holds, is named as well', async () => {
  const writer = await live.open('shop');
  const before = waits(live).length;
  for (const statement of ['BEGIN', 'INSERT INTO public.t VALUES (2)', `PREPARE TRANSACTION 'left''open'`])
    await writer.query(statement);
  const created = createSlot({ kind: 'create-slot', place, slot: 'held' }, live.execution);
  await eventually(async () => waits(live).length > before);
  expect(waits(live).slice(before)).toEqual([`open transactions to end: prepared transaction 'left''open' of master`]);
  await writer.query(`ROLLBACK PREPARED 'left''open'`);
  await created;
  await dropSlot({ kind: 'drop-slot', place, slot: 'held' }, live.execution);
});

test('whoever asks to stop ends the wait within a second, and no slot is left of it', async () => {
  const writer = await live.open('shop');
  for (const statement of ['BEGIN', 'INSERT INTO public.t VALUES (3)']) await writer.query(statement);
  const created = createSlot({ kind: 'create-slot', place, slot: 'unwanted' }, live.execution);
  await eventually(async () => (await slotNames()).includes('unwanted'));
  const asked = Date.now();
  live.stopped = true;
  await expect(created.finally(() => (live.stopped = false))).rejects.toBeInstanceOf(GaveUp);
  expect(Date.now() - asked).toBeLessThan(2_000);
  expect(await slotNames()).not.toContain('unwanted');
  await writer.query('ROLLBACK');
});

test('a slot that is there already is an error, not a success', async () => {
  await expect(createSlot({ kind: 'create-slot', place, slot: 'waiting' }, live.execution)).rejects.toMatchObject({
    code: '42710',
  });
});

test('dropping waits until the reader of the slot has left, and is repeatable', async () => {
  const drop = { kind: 'drop-slot', place, slot: 'waiting' } as const;
  const { user, password } = cluster.master;
  const ca = live.execution.writer(place).then((session) => session.target.tls.ca as string);
  const address = {
    host: 'localhost',
    port: cluster.cluster.port,
    user,
    password,
    database: 'shop',
    ssl: { ca: await ca },
  };
  const reader = new Client({ ...address, replication: 'database' } as ConstructorParameters<typeof Client>[0]);
  reader.on('error', () => undefined);
  await reader.connect();
  // Never resolves: it stays in the replication protocol until the connection ends.
  reader
    .query(`START_REPLICATION SLOT waiting LOGICAL 0/0 (proto_version '1', publication_names 'none')`)
    .catch(() => undefined);
  await eventually(
    async () => (await replicationSlots(await live.execution.connections.reader(place)))[0]?.active === true,
  );
  let done = false;
  const dropped = dropSlot(drop, live.execution).then(() => (done = true));
  const [slot] = await replicationSlots(await live.execution.connections.reader(place));
  expect([slot?.active, done]).toEqual([true, false]);
  await (await live.open('shop')).query('SELECT pg_terminate_backend($1)', [slot!.activePid]);
  await dropped;
  expect(await slotNames()).toEqual([]);
  await dropSlot(drop, live.execution);
});
