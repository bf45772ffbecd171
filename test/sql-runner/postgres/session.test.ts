import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createCertificates } from '../../../lab/postgres/certificates';
import { runningSettings } from '../../../sql-runner/postgres/catalog/running-settings';
import { tlsSetting } from '../../../sql-runner/postgres/tls';
import { scramVerifier } from '../../../sql-runner/postgres/text/scram';
import type { SessionTarget } from '../../../sql-runner/postgres/session';
import { eventually } from '../../support/eventually';
import { forward } from '../../support/forward';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from, postgresMajor } from '../../support/postgres-major';
import { carryOut, type Printed } from '../checks/printed-fix';
import { openSession, targetOf } from './sessions';

let test: TestCluster;
let target: SessionTarget;

beforeAll(async () => {
  test = await startTestCluster();
  target = targetOf(test, 'shop');
});

afterAll(() => test?.stop());

it('pins the settings that our statements rest on', async () => {
  const session = await openSession(target, { lockTimeoutMs: 1_500 });
  const names = [
    'search_path',
    'client_encoding',
    'lock_timeout',
    'default_transaction_read_only',
    'client_connection_check_interval',
  ];
  const rows = await session.query<{ name: string; value: string }>(
    `SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS name`,
    [names],
  );
  expect(rows.map(({ value }) => value)).toEqual(['pg_catalog', 'UTF8', '1500ms', 'on', from(14) ? '1s' : null]);
  expect(Math.floor(session.serverVersionNum / 10_000)).toBe(postgresMajor());
  await session.close();
});

it('tells what settings are as a parameter group writes them', async () => {
  const session = await openSession(target);
  const names = ['enable_sort', 'transform_null_equals', 'max_prepared_transactions', 'work_mem', 'rds.no_such'];
  expect(await runningSettings(session, names)).toEqual({
    enable_sort: '1',
    transform_null_equals: '0',
    max_prepared_transactions: '0',
    work_mem: '4096',
  });
  await session.close();
});

it('keeps a transaction to itself, however many parts of a run share the session', async () => {
  const session = await openSession(target);
  const seen = `SELECT current_setting('search_path') || ' ' || current_setting('statement_timeout') AS of`;
  const ask = () => session.query<{ of: string }>(seen);
  const before = await ask();
  const others: Promise<{ of: string }[]>[] = [];
  const within: string[] = [];
  const transaction = session.transaction(async () => {
    await session.query(`SET LOCAL search_path = ''`);
    await session.query(`SET LOCAL statement_timeout = '5min'`);
    within.push((await ask())[0]!.of);
    // What fails makes every later statement of the transaction fail: 25P02.
    await session.query('SELECT 1 / 0');
  });
  const timer = setInterval(() => others.push(ask()), 1);
  const failed = await transaction.catch((error: unknown) => error);
  clearInterval(timer);
  others.push(ask());
  expect(failed).toMatchObject({ code: '22012' });
  expect(within).toEqual(['"" 5min']);
  expect(new Set((await Promise.all([ask(), ...others])).map(([row]) => row!.of))).toEqual(new Set([before[0]!.of]));
  await expect(session.transaction(() => session.transaction(() => Promise.resolve()))).rejects.toThrow('within');
  await session.close();
});

it('refuses writes when read-only, and passes the SQLSTATE on', async () => {
  const session = await openSession(target);
  await expect(session.query('CREATE TABLE public.t ()')).rejects.toMatchObject({ code: '25006' });
  await session.close();
});

it('commits what returns, rolls back what throws, and stays usable', async () => {
  const session = await openSession(target, { readOnly: false });
  await session.query('CREATE TABLE public.kept (n int)');
  const insert = (n: number) => session.query('INSERT INTO public.kept VALUES ($1)', [n]);
  await session.transaction(() => insert(1));
  await expect(
    session.transaction(async () => {
      await insert(2);
      throw new Error('ours');
    }),
  ).rejects.toThrow('ours');
  const level = await session.transaction(
    (inside) => inside.query<{ level: string }>(`SELECT current_setting('transaction_isolation') AS level`),
    { isolation: 'repeatable read', readOnly: true },
  );
  expect(level).toEqual([{ level: 'repeatable read' }]);
  expect(await session.query('SELECT n FROM public.kept')).toEqual([{ n: 1 }]);
  await session.close();
});

it('says that a session was lost, also one that was idle', async () => {
  const [busy, idle] = [await openSession(target), await openSession(target)];
  const admin = await test.cluster.adminClient();
  const running = expect(busy.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await eventually(async () => {
    const { rows } = await admin.query(`SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`, [
      busy.backendPid,
    ]);
    return rows.length > 0;
  });
  await admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [
    [busy.backendPid, idle.backendPid],
  ]);
  await admin.end();
  await running;
  await expect(idle.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await Promise.all([busy.close(), idle.close()]);
});

it('lets a role in whose password the server never saw', async () => {
  const password = `james-bond123@7!'3aaR`;
  const admin = await openSession(target, { readOnly: false });
  await admin.query(`CREATE ROLE guest LOGIN PASSWORD '${scramVerifier(password)}'`);
  await admin.close();
  const guest = await openSession({ ...target, user: 'guest', password });
  expect(await guest.query('SELECT current_user::text AS name')).toEqual([{ name: 'guest' }]);
  await guest.close();
});

it('checks the name of a server reached by its address', async () => {
  const session = await openSession({ ...target, host: '127.0.0.1' });
  await session.close();
});

describe('a connection that fails', () => {
  const cases: [string, () => Partial<SessionTarget>][] = [
    ['CONNECT_REFUSED', () => ({ port: 1 })],
    ['CONNECT_AUTH', () => ({ password: 'wr0ng-secret' })],
    ['CONNECT_AUTH', () => ({ user: 'nobody', password: 'wr0ng-secret' })],
    ['CONNECT_DATABASE_MISSING', () => ({ database: 'nowhere' })],
    ['CONNECT_TLS', () => ({ tls: tlsSetting({}) })],
    ['CONNECT_HOST_UNKNOWN', () => ({ host: 'nowhere.invalid' })],
  ];

  it.each(cases)('gives %s with the address and never the password', async (code, change) => {
    const wrong = { ...target, ...change() };
    const error = await openSession(wrong).catch((caught: unknown) => caught as Error & { seen: string; next: string });
    expect(error).toMatchObject({ code });
    const { seen, next } = error as { seen: string; next: string };
    expect(seen).toContain(`source ${wrong.host}:${wrong.port}, database "${wrong.database}", user "${wrong.user}"`);
    expect(seen + next).not.toContain(wrong.password);
    expect(next.length).toBeGreaterThan(20);
  });

  it('says of a database that is closed to everybody what opens it', async () => {
    const client = await test.connect('shop');
    await client.query('CREATE DATABASE "Closed one"');
    await client.query('ALTER DATABASE "Closed one" ALLOW_CONNECTIONS false');
    const error = await openSession({ ...target, database: 'Closed one' }).catch((caught: Printed) => caught);
    await carryOut(error as Printed, client, 'CONNECT_DATABASE_CLOSED');
    await (await openSession({ ...target, database: 'Closed one' })).close();
    await client.end();
  });

  /** A listener that answers the request for TLS with this text, or not at all. */
  async function listener(answer: string | null): Promise<{ port: number; received: () => string; close: () => void }> {
    let received = '';
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received += data.toString('latin1');
        if (answer !== null) socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port, received: () => received, close: () => server.close() };
  }

  it('does not take a server of another certificate authority, nor one under a name that its certificate lacks', async () => {
    const elsewhere = await createCertificates(await mkdtemp(join(tmpdir(), 'other ca ')));
    const other = tlsSetting({ PGSSLROOTCERT: elsewhere.caFile });
    await rm(dirname(elsewhere.caFile), { recursive: true });
    await expect(openSession({ ...target, tls: other })).rejects.toMatchObject({ code: 'CONNECT_TLS' });
    const alias = await forward('127.0.0.2', target.port);
    const named = { ...target, host: '127.0.0.2', port: alias.port };
    await expect(openSession(named)).rejects.toMatchObject({
      code: 'CONNECT_TLS',
      seen: expect.stringContaining('127.0.0.2'),
    });
    await alias.close();
  });

  it('sends nothing to a server that offers no TLS', async () => {
    const plain = await listener('N');
    await expect(openSession({ ...target, port: plain.port })).rejects.toMatchObject({ code: 'CONNECT_TLS' });
    expect(plain.received()).toHaveLength(8);
    plain.close();
  });

  it('gives up on a silent server', async () => {
    const silent = await listener(null);
    const attempt = openSession({ ...target, port: silent.port }, { connectTimeoutMs: 300 });
    await expect(attempt).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT' });
    silent.close();
  });

  it('names the CA file that cannot be read', () => {
    expect(() => tlsSetting({ PGSSLROOTCERT: '/nowhere/ca.pem' })).toThrow(
      'CONNECT_TLS_CA_UNREADABLE: PGSSLROOTCERT names /nowhere/ca.pem',
    );
  });
});
