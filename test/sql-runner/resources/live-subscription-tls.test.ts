import { execute } from '../../../sql-runner/execute/execute';
import { streamsOf } from '../../../sql-runner/model/streams';
import { createSubscription } from '../../../sql-runner/resources/subscription';
import { forward, type Forward } from '../../support/forward';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { postgresMajor } from '../../support/postgres-major';
import { sourceContract } from '../support/contract';
import { liveExecution } from '../support/live';
import { NONCE } from '../support/observations';
import { ROLE_MARK } from '../support/role-mark';

/** The clone's server verifies the source as sql-runner itself does, and never goes on without TLS. */
const base = sourceContract(['shop']);
const of = streamsOf(base)[0]!;
const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: '0/1', secretVersion: 'v' } as const;
const PASSWORD = 'only for the source';
let cluster: TestCluster;
let alias: Forward;

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop'], parameters: { wal_level: 'logical' } });
  const admin = await cluster.cluster.adminClient('shop');
  await admin.query(`CREATE ROLE acas_demo LOGIN REPLICATION PASSWORD '${PASSWORD}'; ${ROLE_MARK}`);
  await admin.query('CREATE PUBLICATION acas_demo_shop');
  await admin.end();
});
afterAll(() => cluster.stop());

/** The error of the clone's server, and whether it has the subscription all the same. */
async function connect(endpoint: string, port: number, sslRootCert: string): Promise<{ seen: string; made: number }> {
  const contract = {
    ...base,
    cluster: { ...base.cluster, endpoint, port },
    replication: { ...base.replication, sslRootCert },
  };
  const live = liveExecution(cluster, contract);
  live.secret = { username: 'acas_demo', password: PASSWORD };
  try {
    const [change] = createSubscription(of, mark, postgresMajor() * 10_000, []).changes;
    const error = await execute(change!, live.execution).then(
      () => ({ seen: 'connected' }),
      (cause: { seen: string }) => cause,
    );
    const session = await live.open('shop');
    const made = await session.query('SELECT FROM pg_subscription');
    return { seen: error.seen, made: made.length };
  } finally {
    await live.close();
  }
}

test('a name that the certificate lacks', async () => {
  alias = await forward('127.0.0.2', cluster.cluster.port);
  const { seen, made } = await connect('127.0.0.2', alias.port, 'rds-ca.pem');
  await alias.close();
  expect(seen).toMatch(/server certificate for "localhost" .*does not match host name "127\.0\.0\.2"/s);
  expect(made).toBe(0);
});

test('a server without TLS', async () => {
  alias = await forward('127.0.0.2', cluster.cluster.port, true);
  const { seen, made } = await connect('127.0.0.2', alias.port, 'rds-ca.pem');
  await alias.close();
  expect(seen).toContain('server does not support SSL, but SSL was required');
  expect(made).toBe(0);
});

test('another certificate authority, or none', async () => {
  const other = await connect('localhost', cluster.cluster.port, 'server.crt');
  expect(other.seen).toMatch(/certificate verify failed|could not read root certificate|root certificate file/);
  const none = await connect('localhost', cluster.cluster.port, 'nowhere.pem');
  expect(none.seen).toContain('root certificate file "nowhere.pem" does not exist');
  expect([other.made, none.made]).toEqual([0, 0]);
});
