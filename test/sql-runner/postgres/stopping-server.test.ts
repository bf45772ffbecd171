import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

let cluster: TestCluster;
beforeAll(async () => void (cluster = await startTestCluster()));
afterAll(() => cluster?.stop());

test('of a server that stops while a session is made it is said that it is not ready', async () => {
  const client = await cluster.cluster.adminClient('shop');
  await client.query('BEGIN');
  // The last that is read before a session is ready, once it is let in (process_settings in postinit.c).
  await client.query('LOCK TABLE pg_db_role_setting IN ACCESS EXCLUSIVE MODE');
  const ended = `SELECT pg_terminate_backend(pid) FROM pg_locks
                  WHERE NOT granted AND relation = 'pg_db_role_setting'::regclass`;
  const attempt = openSession(targetOf(cluster, 'shop')).catch((error: unknown) => error);
  await eventually(async () => (await client.query(ended)).rows.length > 0);
  expect(await attempt).toMatchObject({ code: 'CONNECT_NOT_READY' });
  await client.query('ROLLBACK');
  await client.end();
});
