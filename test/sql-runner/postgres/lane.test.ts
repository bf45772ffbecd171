import { executionAsyncResource } from 'node:async_hooks';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

let cluster: TestCluster;
beforeAll(async () => void (cluster = await startTestCluster()));
afterAll(() => cluster?.stop());

const enter = () => openSession(targetOf(cluster, 'shop'));

it('leaves nothing with Node of the transactions of sessions that are closed', async () => {
  const stores = async () => {
    await Promise.resolve();
    return Object.getOwnPropertySymbols(executionAsyncResource()).length;
  };
  const transact = async () => {
    const session = await enter();
    await session.transaction(() => session.query('SELECT 1'));
    await session.close();
  };
  await transact();
  const before = await stores();
  for (let one = 0; one < 3; one++) await transact();
  expect(await stores()).toBe(before);
});

it('keeps two transactions apart of which one runs in the other', async () => {
  const [outer, inner] = [await enter(), await enter()];
  const pids = await outer.transaction(() =>
    inner.transaction(async () => [
      await outer.query('SELECT pg_backend_pid() AS pid, transaction_timestamp() < clock_timestamp() AS "isOpen"'),
      await inner.query('SELECT pg_backend_pid() AS pid, transaction_timestamp() < clock_timestamp() AS "isOpen"'),
    ]),
  );
  expect(pids).toEqual([outer, inner].map(({ backendPid }) => [{ pid: backendPid, isOpen: true }]));
  await Promise.all([outer.close(), inner.close()]);
});
