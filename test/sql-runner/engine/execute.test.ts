import { sqlChange, type Guard } from '../../../sql-runner/engine/change';
import { execute } from '../../../sql-runner/engine/execute';
import { liveExecution, type Live } from '../support/live';
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
    id: 'source/shop/thing',
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
  refusal: { code: 'REFUSED', seen: 'it is otherwise', why: 'w', next: 'n' },
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
    code: 'REFUSED',
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
  ).rejects.toMatchObject({ code: 'REFUSED' });
  expect(await tables()).not.toContain('guarded');
});

test('a guard on the other side is asked there, before the transaction', async () => {
  const there = guard(ledger, `SELECT current_database() = 'ledger' AS ok`);
  await execute(change(['CREATE TABLE public.across ()'], [there]), live.execution);
  expect(await tables()).toContain('across');
  const refusing = guard(ledger, `SELECT current_database() = 'shop' AS ok`);
  await expect(execute(change(['CREATE TABLE public.never ()'], [refusing]), live.execution)).rejects.toMatchObject({
    code: 'REFUSED',
  });
});

test('a guard inside the transaction sees what the statements will see', async () => {
  const frozen = guard(
    shop,
    'SELECT pg_current_xact_id_if_assigned() IS NULL AND now() <> statement_timestamp() AS ok',
  );
  await execute(change(['SELECT 1'], [frozen]), live.execution);
});

test('a lock that somebody holds is not waited for long, and the error says so', async () => {
  const other = await live.open('shop');
  await other.query('CREATE TABLE public.busy ()');
  await other.query('BEGIN');
  await other.query('LOCK TABLE public.busy');
  await expect(execute(change(['ALTER TABLE public.busy ADD COLUMN a int']), live.execution)).rejects.toMatchObject({
    code: 'LOCK_TIMEOUT',
  });
  await other.query('ROLLBACK');
});

test('a missing privilege is told from other failures', async () => {
  // As a role without it, since the master user of old versions is a superuser in the lab.
  const statements = ['SET LOCAL ROLE pg_monitor', "SELECT pg_read_file('PG_VERSION')"];
  await expect(execute(change(statements), live.execution)).rejects.toMatchObject({
    code: 'PRIVILEGE_MISSING',
    seen: expect.stringContaining('42501'),
  });
});
