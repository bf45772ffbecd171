import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Client } from 'pg';
import { runChecks } from '../../../sql-runner/checks/preflight';
import type { Finding } from '../../../sql-runner/model/change';
import { execute } from '../../../sql-runner/execute/execute';
import { streamsOf } from '../../../sql-runner/model/streams';
import { keptStatements } from '../../../sql-runner/postgres/catalog/kept-statements';
import { createSubscription, updateConnection } from '../../../sql-runner/resources/subscription';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from, postgresMajor } from '../../support/postgres-major';
import { carryOut } from '../checks/printed-fix';
import { sourceContract } from '../support/contract';
import { liveExecution, type Live } from '../support/live';
import { NONCE } from '../support/observations';
import { ROLE_MARK } from '../support/role-mark';
import { healthySource, healthyTarget } from '../support/surveys';
import type { Place } from '../../../sql-runner/model/address';

/**
 * Servers that keep all that they can of what they are told: statistics and plans of statements inside of others,
 * every statement and every wait in the log, parse trees. The secrets are looked for everywhere afterwards.
 */
const TALKATIVE = {
  wal_level: 'logical',
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.track_planning': 'on',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_verbose': 'on',
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_min_error_statement: 'debug5',
  log_error_verbosity: 'verbose',
  log_connections: 'on',
  log_replication_commands: 'on',
  log_lock_waits: 'on',
  deadlock_timeout: '100',
  debug_print_parse: 'on',
  debug_print_plan: 'on',
};
const PASSWORD = `pass'word \\ ${randomBytes(9).toString('hex')}`;
const NEEDLE = PASSWORD.slice(-18);
const base = sourceContract(['shop']);
const of = streamsOf(base)[0]!;
const physical = (place: Place): string => (place.side === 'target' ? 'copy' : place.database);
let cluster: TestCluster;
let live: Live;
let admin: Client;
let source: Client;

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'copy'] });
  // Only now: the lab has made roles of its own, with their verifiers.
  await cluster.cluster.setParameters(TALKATIVE);
  await cluster.cluster.restart();
  live = liveExecution(
    cluster,
    { ...base, cluster: { ...base.cluster, endpoint: 'localhost', port: cluster.cluster.port } },
    physical,
  );
  live.secret = { username: 'acas_demo', password: PASSWORD };
  admin = await cluster.cluster.adminClient('copy');
  source = await cluster.connect('shop');
  await admin.query('CREATE TABLE public.t (id int PRIMARY KEY)');
  await source.query(
    'CREATE TABLE public.t (id int PRIMARY KEY); CREATE PUBLICATION acas_demo_shop FOR TABLE public.t',
  );
  await source.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);
  // Its text is not to be found in the log because of this statement.
  await source.query(`CREATE ROLE acas_demo LOGIN REPLICATION; ${ROLE_MARK}`);
});
afterAll(async () => {
  await admin?.end();
  await live?.close();
  await cluster?.stop();
});

const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: '0/1', secretVersion: 'v' } as const;
const create = () => createSubscription(of, mark, postgresMajor() * 10_000, []).changes[0]!;
const place = { side: 'source', database: 'shop' } as const;
const setPassword = {
  kind: 'set-role-password',
  place,
  role: 'acas_demo',
  secretArn: 'arn',
  version: 'v'.repeat(32),
} as const;
const passwordChange = { ...create(), operation: setPassword };

/** Lines of the log and kept statements that have the password or a verifier. Ours have neither in what they ask. */
async function traces(): Promise<string[]> {
  const isSecret = (text: string): boolean => text.includes(NEEDLE) || /SCRAM-SHA-256\$\d/.test(text);
  const log = (await readFile(cluster.cluster.logFile, 'utf8')).split('\n').filter(isSecret);
  const view = await admin.query<{ query: string }>('SELECT query FROM pg_stat_statements').catch(() => ({ rows: [] }));
  const active = await admin.query<{ query: string }>('SELECT query FROM pg_stat_activity');
  return [...log, ...[...view.rows, ...active.rows].map(({ query }) => query ?? '').filter(isSecret)];
}

async function findings(): Promise<Finding[]> {
  const kept = async (where: Place) => ({ keptStatements: await keptStatements(await live.execution.writer(where)) });
  const [there, here] = [await kept({ side: 'target', database: 'shop' }), await kept(place)];
  const login = cluster.master.user;
  const [from_, to] = [healthySource(base), healthyTarget(base)];
  const survey = {
    source: { ...from_, login, databases: { shop: { ...from_.databases.shop!, ...here } } },
    target: { ...to, login, databases: { shop: { ...to.databases.shop!, ...there } } },
  };
  return runChecks(base, survey)
    .flatMap((outcome) => outcome.findings ?? [])
    .filter(({ code }) => /SECRET/.test(code));
}
const seen = async () => (await findings()).map(({ code }) => code);

/** Where the finding says; both sides are databases of this one server, and the clone's is called copy. */
async function whereFound(
  code: string,
  work: (finding: Finding, client: Client) => Promise<void>,
  found?: readonly Finding[],
): Promise<void> {
  for (const finding of (found ?? (await findings())).filter((one) => one.code === code)) {
    const name = code.startsWith('TARGET') ? 'copy' : 'shop';
    const client = await cluster.cluster.adminClient(name);
    const next = finding.next.replaceAll('IN DATABASE "shop"', `IN DATABASE "${name}"`);
    await work({ ...finding, next }, client).finally(() => client.end());
  }
}
/** As teardown does. */
const dropSubscription = async () => {
  const session = await live.execution.writer({ side: 'target', database: 'shop' });
  await session.query('ALTER SUBSCRIPTION acas_demo_shop SET (slot_name = NONE)');
  await session.query('DROP SUBSCRIPTION acas_demo_shop');
};
/** Null: the session is gone. */
async function waiting(pid: number): Promise<boolean | null> {
  const { rows } = await admin.query<{ waits: boolean }>(
    `SELECT cardinality(pg_blocking_pids(pid)) > 0 AS waits FROM pg_stat_activity WHERE pid = $1`,
    [pid],
  );
  return rows[0]?.waits ?? null;
}
/** The lab's master user is a superuser up to 15, who may turn everything off. */
const LIMITED = from(16);

test('what the login cannot keep from the statistics is said, and what they have is taken out as printed', async () => {
  const keeps = LIMITED ? ['SOURCE_STATISTICS_KEEP_SECRETS', 'TARGET_STATISTICS_KEEP_SECRETS'] : [];
  expect(await seen()).toEqual(keeps);
  await execute(passwordChange, live.execution);
  await execute(create(), live.execution);
  for (const code of ['SOURCE_STATISTICS_KEEP_SECRETS', 'TARGET_STATISTICS_KEEP_SECRETS'])
    await whereFound(code, (finding, client) => carryOut(finding, client, code));
  if (!LIMITED) for (const client of [admin, source]) await client.query('CREATE EXTENSION pg_stat_statements');
  const held = LIMITED ? ['SOURCE_SECRET_IN_STATISTICS', 'TARGET_SECRET_IN_STATISTICS'] : [];
  expect((await seen()).sort()).toEqual([...held, ...keeps].sort());
  // The statistics of the whole cluster, and nothing in its log.
  expect((await traces()).map((text) => text.split(' ').slice(0, 2).join(' ')).sort()).toEqual(
    LIMITED ? ['ALTER ROLE', 'CREATE SUBSCRIPTION'] : [],
  );
  // One server has the statistics of both: what one of them takes out, the other does not find.
  const both = await findings();
  for (const code of ['SOURCE_SECRET_IN_STATISTICS', 'TARGET_SECRET_IN_STATISTICS'])
    await whereFound(code, (finding, client) => carryOut(finding, client, code), both);
  for (const code of ['SOURCE_STATISTICS_KEEP_SECRETS', 'TARGET_STATISTICS_KEEP_SECRETS'])
    await whereFound(code, (finding, client) => carryOut(finding, client, code));
  expect(await seen()).toEqual([]);
  expect(await traces()).toEqual([]);
});

test('from then on nothing keeps them, after the end of the subscription neither', async () => {
  await execute(updateConnection(of, mark, 'it is outdated').changes[0]!, live.execution);
  await execute(passwordChange, live.execution);
  expect(await traces()).toEqual([]);
  await dropSubscription();
  await execute(create(), live.execution);
  await dropSubscription();
  expect(await traces()).toEqual([]);
  expect(await seen()).toEqual([]);
});

async function cancelWhenItWaits(pid: number): Promise<void> {
  await eventually(async () => (await waiting(pid)) === true);
  await admin.query('SELECT pg_cancel_backend($1)', [pid]);
}

test.each([
  ['a lock that is not to be had', `SET lock_timeout = '100ms'`, () => Promise.resolve(), 'LOCK_TIMEOUT'],
  ['a cancelled statement', 'RESET lock_timeout', cancelWhenItWaits, 'CHANGE_FAILED'],
])('%s leaves nothing either', async (_, patience, disturb, code) => {
  const holder = await cluster.cluster.adminClient('copy');
  await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE');
  const writer = await live.execution.writer({ side: 'target', database: 'shop' });
  await writer.query(patience);
  const failed = execute(create(), live.execution).catch((cause: unknown) => cause);
  await disturb(writer.backendPid);
  expect(await failed).toMatchObject({ code });
  await holder.end();
  expect(await traces()).toEqual([]);
});

test('nor does a client that is gone', async () => {
  const holder = await cluster.cluster.adminClient('copy');
  await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE');
  const session = await live.execution.writer({ side: 'target', database: 'shop' });
  const failed = execute(create(), live.execution).catch((cause: unknown) => cause);
  await eventually(async () => (await waiting(session.backendPid)) === true);
  (
    session as unknown as { client: { connection: { stream: { destroy(): void } } } }
  ).client.connection.stream.destroy();
  expect(await failed).toMatchObject({ code: 'CONNECTION_LOST' });
  await eventually(async () => (await waiting(session.backendPid)) === null);
  await holder.end();
  await live.execution.connections.closeSessions();
  expect(await traces()).toEqual([]);
});

test('LOG_KEEPS_SECRETS: settings of the log that the login may not change', async () => {
  // pgaudit is not at hand; its settings can stand in a configuration without it.
  await cluster.cluster.setParameters({ ...TALKATIVE, log_min_messages: 'debug1', 'pgaudit.log': 'read, DDL' });
  await live.execution.connections.closeSessions();
  expect(await seen()).toEqual(LIMITED ? ['SOURCE_LOG_KEEPS_SECRETS', 'TARGET_LOG_KEEPS_SECRETS'] : []);
  for (const code of ['SOURCE_LOG_KEEPS_SECRETS', 'TARGET_LOG_KEEPS_SECRETS'])
    await whereFound(code, (finding, client) => carryOut(finding, client, code));
  await live.execution.connections.closeSessions();
  expect(await seen()).toEqual([]);
  await execute(create(), live.execution);
  expect(await traces()).toEqual([]);
});
