import { createServer, type AddressInfo, type Socket } from 'node:net';
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

/** What ends a session before it is let in tells nothing to it, and the socket is closed or reset. */
test.each<[string, (socket: Socket) => void]>([
  ['closed', (socket) => socket.destroy()],
  ['reset', (socket) => socket.resetAndDestroy()],
])('so it is where the connection is %s while it is made', async (_, end) => {
  const server = createServer((socket) => socket.once('data', () => end(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const attempt = openSession({ ...targetOf(cluster, 'shop'), host: '127.0.0.1', port });
  await expect(attempt).rejects.toMatchObject({ code: 'CONNECT_NOT_READY' });
  server.close();
});
