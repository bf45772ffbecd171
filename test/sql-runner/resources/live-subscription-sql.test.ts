import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { describeOperatorError } from '../../../errors/operator-error';
import type { Change, Proposal } from '../../../sql-runner/model/change';
import { execute } from '../../../sql-runner/execute/execute';
import { streamsOf } from '../../../sql-runner/model/streams';
import { observeTargetDatabase } from '../../../sql-runner/observe/observe-database';
import { currentFlushLsn } from '../../../sql-runner/postgres/catalog/server';
import { explain } from '../../../sql-runner/explain/explain';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { parseMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import { planSubscriptionDrop } from '../../../sql-runner/resources/renamed-subscription';
import { advanceOrigin, originAtSeed } from '../../../sql-runner/resources/replication-origin';
import { createSubscription, enableSubscription, updateConnection } from '../../../sql-runner/resources/subscription';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from, postgresMajor } from '../../support/postgres-major';
import { sourceContract } from '../support/contract';
import { liveExecution, type Live } from '../support/live';
import { cloned, NONCE } from '../support/observations';
import { ROLE_MARK } from '../support/role-mark';
import type { Place } from '../../../sql-runner/model/address';
import { asking } from '../support/asking';

// The steps that connect a stream, in their order, as the master user, who is no superuser.
const RIGHT = `right '\\ ${randomBytes(9).toString('hex')}`;
const WRONG = `wrong '\\ ${randomBytes(9).toString('hex')}`;
const physical = (place: Place): string => (place.side === 'target' ? `${place.database}_copy` : place.database);

const base = sourceContract(['shop']);
const of = streamsOf(base)[0]!;
const target = { side: 'target', database: 'shop' } as const;
let cluster: TestCluster;
let live: Live;
let seed: string;

beforeAll(async () => {
  cluster = await startTestCluster({
    databases: ['shop', 'shop_copy'],
    // As talkative as a server can be.
    parameters: { wal_level: 'logical', log_statement: 'all', log_min_duration_statement: '0' },
  });
  live = liveExecution(
    cluster,
    { ...base, cluster: { ...base.cluster, endpoint: 'localhost', port: cluster.cluster.port } },
    physical,
  );
  const source = await live.open('shop');
  await (await live.open('shop_copy')).query('CREATE TABLE public.t (id int PRIMARY KEY)');
  for (const sql of [
    `CREATE ROLE acas_demo LOGIN REPLICATION PASSWORD ${quoteLiteral(RIGHT)}; ${ROLE_MARK}`,
    'CREATE TABLE public.t (id int PRIMARY KEY)',
    'CREATE PUBLICATION acas_demo_shop FOR TABLE public.t',
    `SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`,
    'INSERT INTO public.t VALUES (1)',
  ]) {
    await source.query(sql);
  }
  seed = await currentFlushLsn(source);
  await source.query('INSERT INTO public.t VALUES (2)');
});
afterAll(async () => {
  await live.close();
  await cluster.stop();
});

const carryOut = async (proposal: Proposal): Promise<void> => {
  for (const change of proposal.changes as Change[]) await execute(change, live.execution);
};
const stream = async () => {
  const reader = await live.execution.connections.reader(target);
  const facts = await observeTargetDatabase(asking(reader), 'shop', [of], {
    role: 'acas_demo',
    environment: 'demo',
    countsItsOwn: false,
  });
  return facts.streams[of.stream.subscription]!;
};
const mark = (secretVersion: string) =>
  ({ kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: seed, secretVersion }) as const;
const create = () => createSubscription(of, mark('version-1'), postgresMajor() * 10_000, []);
const rows = async (): Promise<number[]> => {
  const reader = await live.execution.connections.reader(target);
  return (await reader.query<{ id: number }>('SELECT id FROM public.t ORDER BY 1')).map((row) => row.id);
};

test('a connection that fails leaves no subscription, and no password in error or log', async () => {
  live.secret = { username: 'acas_demo', password: WRONG };
  const error = await execute(create().changes[0]!, live.execution).then(
    () => null,
    (cause: Error) => cause,
  );
  expect(error).toMatchObject({
    code: 'CHANGE_FAILED',
    seen: expect.stringContaining('password authentication failed'),
  });
  expect(JSON.stringify([error, error!.message])).not.toContain(WRONG.slice(-18));
  expect((await stream()).subscription).toBeNull();
  const log = await readFile(cluster.cluster.logFile, 'utf8');
  expect(log).toContain('password authentication failed for user "acas_demo"');
  expect(log).not.toContain(WRONG.slice(-18));
});

test('an error of the server that quotes the whole conninfo is shown without the password', async () => {
  live.secret = { username: 'acas_demo', password: RIGHT };
  await live.execution.connections.closeSessions();
  const superuser = await cluster.cluster.adminClient('shop_copy');
  await superuser.query(`CREATE FUNCTION public.quote_it() RETURNS event_trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'refused: %', current_setting('acas.conninfo') USING HINT = current_setting('acas.conninfo'); END$$`);
  await superuser.query('CREATE EVENT TRIGGER quoting ON ddl_command_start EXECUTE FUNCTION public.quote_it()');
  const failed = await execute(create().changes[0]!, live.execution).catch((cause: unknown) => cause);
  await superuser.query('DROP EVENT TRIGGER quoting');
  await superuser.query('DROP FUNCTION public.quote_it');
  await superuser.end();
  const shown = explain(failed);
  expect(shown).toMatchObject({ code: 'CHANGE_FAILED', seen: expect.stringContaining(`password='(sensitive)'`) });
  expect(describeOperatorError(shown) + JSON.stringify(shown) + inspect(shown)).not.toContain(RIGHT.slice(-18));
});

test('created: disabled, on the slot that exists, with its mark', async () => {
  live.secret = { username: 'acas_demo', password: RIGHT };
  await live.execution.connections.closeSessions();
  await carryOut(create());
  const { subscription, originProgress, made } = await stream();
  expect(subscription).toMatchObject({ enabled: false, slotName: 'acas_demo_shop' });
  expect(parseMark(subscription!.comment)).toEqual({ ...mark('version-1'), made });
  expect(made).toMatch(new RegExp(`^pg_${subscription!.oid} \\d+$`));
  expect(originProgress).toBeNull();
});

test('large transactions are streamed, where the version can', async () => {
  const reader = await live.execution.connections.reader(target);
  // A boolean before 16, a letter since; a column that 13 does not have.
  const sql = 'SELECT substream::text AS streaming FROM pg_subscription';
  if (!from(14)) expect(create().changes[0]!.preview.join()).not.toContain('streaming');
  else expect((await reader.query<{ streaming: string }>(sql))[0]!.streaming).toMatch(/^t/);
});

test('it is not enabled before its origin stands at the seed LSN', async () => {
  const enable = enableSubscription(of, 'a test', [originAtSeed(of, seed)]);
  await expect(carryOut(enable)).rejects.toMatchObject({
    code: 'ORIGIN_BEHIND_SEED',
    seen: expect.stringContaining('progress = null'),
  });
  expect((await stream()).subscription?.enabled).toBe(false);
});

test('the origin is advanced once; a second time is refused', async () => {
  await carryOut(advanceOrigin(of, seed));
  expect((await stream()).originProgress).toBe(seed);
  await expect(carryOut(advanceOrigin(of, '0/1'))).rejects.toMatchObject({ code: 'ORIGIN_TOUCHED' });
  expect((await stream()).originProgress).toBe(seed);
});

test('enabled, it applies what came after the seed LSN and nothing before', async () => {
  await carryOut(enableSubscription(of, 'a test', [originAtSeed(of, seed)]));
  await eventually(async () => (await rows()).length > 0);
  expect(await rows()).toEqual([2]);
  await expect(carryOut(advanceOrigin(of, seed))).rejects.toMatchObject({
    code: 'ORIGIN_TOUCHED',
    seen: expect.stringContaining('enabled = true'),
  });
});

test('a new password reaches the subscription and the stream goes on', async () => {
  await (await live.open('shop')).query(`ALTER ROLE acas_demo PASSWORD ${quoteLiteral(`${RIGHT}!`)}`);
  live.secret = { username: 'acas_demo', password: `${RIGHT}!` };
  await live.execution.connections.closeSessions();
  await carryOut(updateConnection(of, mark('version-2'), 'it is outdated'));
  const { own, ...remembered } = parseMark((await stream()).subscription!.comment) as SubscriptionMark;
  expect(remembered).toEqual(mark('version-2'));
  // Enabled, and given its connection; what creates or comments one updates none.
  expect(own?.updates).toBe(from(15) ? 2 : undefined);
  await (await live.open('shop')).query('INSERT INTO public.t VALUES (3)');
  await eventually(async () => (await rows()).length === 2);
  expect(await rows()).toEqual([2, 3]);
});

test('the conninfo is in no statement that the server shows', async () => {
  const superuser = await cluster.cluster.adminClient();
  const { rows: shown } = await superuser.query<{ query: string }>(
    `SELECT query FROM pg_stat_activity WHERE query LIKE $1 AND query NOT LIKE 'ALTER ROLE%'`,
    [`%${RIGHT.slice(-18)}%`],
  );
  await superuser.end();
  expect(shown).toEqual([]);
});

test('dropped, it leaves the slot to the source', async () => {
  const observation = cloned(base);
  const facts = {
    ...observation.target!,
    databases: {
      shop: { exists: true, publications: [], writtenTables: [], streams: { acas_demo_shop: await stream() } },
    },
  };
  await carryOut(planSubscriptionDrop(base, facts, of));
  expect((await stream()).subscription).toBeNull();
  const source = await live.execution.connections.reader({ side: 'source', database: 'shop' });
  expect(await source.query(`SELECT slot_name FROM pg_replication_slots`)).toEqual([{ slot_name: 'acas_demo_shop' }]);
});

test('the log of a server that logs every statement and parameter never saw the password', async () => {
  const lines = (await readFile(cluster.cluster.logFile, 'utf8')).split('\n');
  // The tests' own statements that set it, look for it and quote it are there, which shows that it would be found.
  const leaks = lines.filter(
    (line) =>
      line.includes(RIGHT.slice(-18)) &&
      !/(CREATE|ALTER) ROLE|ERROR:  refused: |HINT:  host=|Parameters: \$1 = '%/i.test(line),
  );
  expect(leaks).toEqual([]);
});
