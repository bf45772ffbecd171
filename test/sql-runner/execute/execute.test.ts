import type { OperatorError } from '../../../errors/operator-error';
import { sqlChange, type Guard } from '../../../sql-runner/model/change';
import { execute } from '../../../sql-runner/execute/execute';
import { eventually } from '../../support/eventually';
import { carryOut } from '../checks/printed-fix';
import { liveExecution, waits, type Live } from '../support/live';
import { sourceContract } from '../support/contract';
import { startTestCluster, type TestCluster } from '../../support/postgres';

let cluster: TestCluster;
let live: Live;
beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'ledger'] });
  live = liveExecution(cluster, sourceContract());
});
afterAll(async () => {
  await live.close();
  await cluster.stop();
});

const shop = { side: 'source', database: 'shop' } as const;
const ledger = { side: 'target', database: 'ledger' } as const;

const change = (statements: string[], guards: Guard[] = []) =>
  sqlChange({
    address: { ...shop, kind: 'thing' },
    action: 'create',
    reason: 'a test',
    place: shop,
    guards,
    statements: statements.map((text) => ({ text })),
  });

const guard = (place: Guard['place'], sql: string, values: string[] = []): Guard => ({
  place,
  sql,
  values,
  refusal: { code: 'STREAM_MOVED', seen: 'it is otherwise', why: 'w', next: 'n' },
});

async function tables(): Promise<string[]> {
  const session = await live.open('shop');
  const rows = await session.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

test('statements run in one transaction: a failure undoes those before it', async () => {
  await expect(execute(change(['CREATE TABLE public.half ()', 'SELECT 1/0']), live.execution)).rejects.toMatchObject({
    code: 'CHANGE_FAILED',
    seen: 'source/shop/thing: division by zero (SQLSTATE 22012)',
  });
  expect(await tables()).not.toContain('half');
  await execute(change(['CREATE TABLE public.whole ()', "COMMENT ON TABLE public.whole IS 'done'"]), live.execution);
  expect(await tables()).toContain('whole');
});

test('a guard that does not hold refuses, shows what it saw, and nothing is done', async () => {
  const refusing = guard(shop, `SELECT $1 = 'b' AS ok, $1::text AS found, 7 AS pid`, ['a']);
  await expect(execute(change(['CREATE TABLE public.guarded ()'], [refusing]), live.execution)).rejects.toMatchObject({
    code: 'STREAM_MOVED',
    seen: 'it is otherwise (found = a, pid = 7)',
  });
  expect(await tables()).not.toContain('guarded');
});

test.each([
  ['no row', 'SELECT true AS ok WHERE false'],
  ['null', 'SELECT NULL::boolean AS ok'],
])('a guard that answers %s refuses', async (_, sql) => {
  await expect(
    execute(change(['CREATE TABLE public.guarded ()'], [guard(shop, sql)]), live.execution),
  ).rejects.toMatchObject({ code: 'STREAM_MOVED' });
  expect(await tables()).not.toContain('guarded');
});

test('a guard on the other side is asked there, before the transaction', async () => {
  const there = guard(ledger, `SELECT current_database() = 'ledger' AS ok`);
  await execute(change(['CREATE TABLE public.across ()'], [there]), live.execution);
  expect(await tables()).toContain('across');
  const refusing = guard(ledger, `SELECT current_database() = 'shop' AS ok`);
  await expect(execute(change(['CREATE TABLE public.never ()'], [refusing]), live.execution)).rejects.toMatchObject({
    code: 'STREAM_MOVED',
  });
});

test('a guard inside the transaction sees what the statements will see', async () => {
  const frozen = guard(
    shop,
    'SELECT pg_current_xact_id_if_assigned() IS NULL AND now() <> statement_timestamp() AS ok',
  );
  await execute(change(['SELECT 1'], [frozen]), live.execution);
});

test('whom a change waits for is said while it waits, and in the error, whose statement makes way', async () => {
  const other = await live.open('shop');
  await other.query('CREATE TABLE public.busy (id int PRIMARY KEY)');
  await other.query('BEGIN');
  // As VACUUM and CREATE INDEX CONCURRENTLY do.
  await other.query('LOCK TABLE public.busy IN SHARE UPDATE EXCLUSIVE MODE');
  const publishing = change(['CREATE PUBLICATION "waits" FOR TABLE public.busy']);
  const writer = await live.execution.writer(shop);
  // Longer than it takes to look who holds it.
  await writer.query(`SET lock_timeout = '5s'`);
  const failed = await execute(publishing, live.execution).then(
    () => null,
    (cause: OperatorError) => cause,
  );
  const holder = `a lock on public.busy, held by process ${other.backendPid} of ${cluster.master.user} (sql-runner demo, idle in transaction, in its transaction since `;
  expect(failed).toMatchObject({ code: 'LOCK_TIMEOUT', seen: expect.stringContaining(holder) });
  expect(waits(live)).toEqual([expect.stringContaining(holder)]);
  const client = await cluster.connect('shop');
  await writer.query('RESET lock_timeout');
  await carryOut(failed!, client, 'LOCK_TIMEOUT');
  await eventually(() => execute(publishing, live.execution).then(() => true));
});

test('production can write while a change waits', async () => {
  const other = await live.open('shop');
  await other.query('BEGIN');
  await other.query('LOCK TABLE public.busy IN SHARE UPDATE EXCLUSIVE MODE');
  const writer = await live.open('shop');
  const waiting = execute(change(['CREATE PUBLICATION "waits too" FOR TABLE public.busy']), live.execution);
  await eventually(async () => (await writer.query('SELECT FROM pg_locks WHERE NOT granted')).length > 0);
  await writer.query('SET lock_timeout = 100');
  await writer.query('INSERT INTO public.busy VALUES (1)');
  await writer.query('UPDATE public.busy SET id = 2');
  await other.query('ROLLBACK');
  await waiting;
});

test("the server's DETAIL and HINT are kept", async () => {
  const statement = `DO $$BEGIN RAISE 'refused' USING DETAIL = 'as it stands there', HINT = 'mend it'; END$$`;
  await expect(execute(change([statement]), live.execution)).rejects.toMatchObject({
    code: 'CHANGE_FAILED',
    seen: 'source/shop/thing: refused; as it stands there; mend it (SQLSTATE P0001)',
  });
  const duplicate = change(['INSERT INTO public.busy VALUES (2)']);
  await expect(execute(duplicate, live.execution)).rejects.toMatchObject({
    seen: expect.stringContaining('Key (id)=(2) already exists.'),
  });
});

test('a missing privilege is told from other failures', async () => {
  // As a role without it, since the master user of old versions is a superuser in the lab.
  const statements = ['SET LOCAL ROLE pg_monitor', "SELECT pg_read_file('PG_VERSION')"];
  await expect(execute(change(statements), live.execution)).rejects.toMatchObject({
    code: 'PRIVILEGE_MISSING',
    seen: expect.stringContaining('42501'),
  });
});
