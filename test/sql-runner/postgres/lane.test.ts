import { executionAsyncResource } from 'node:async_hooks';
import type { SessionTarget } from '../../../sql-runner/postgres/session';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

let test: TestCluster;
let target: SessionTarget;

beforeAll(async () => {
  test = await startTestCluster();
  target = targetOf(test, 'shop');
});

afterAll(() => test?.stop());

it('leaves nothing with Node of the transactions of sessions that are closed', async () => {
  const stores = async () => {
    await Promise.resolve();
    return Object.getOwnPropertySymbols(executionAsyncResource()).length;
  };
  const transact = async () => {
    const session = await openSession(target);
    await session.transaction(() => session.query('SELECT 1'));
    await session.close();
  };
  await transact();
  const before = await stores();
  for (let one = 0; one < 3; one++) await transact();
  expect(await stores()).toBe(before);
});

it('keeps two transactions apart of which one runs in the other', async () => {
  const [outer, inner] = [await openSession(target), await openSession(target)];
  const pids = await outer.transaction(() =>
    inner.transaction(async () => [
      await outer.query('SELECT pg_backend_pid() AS pid, transaction_timestamp() < clock_timestamp() AS "isOpen"'),
      await inner.query('SELECT pg_backend_pid() AS pid, transaction_timestamp() < clock_timestamp() AS "isOpen"'),
    ]),
  );
  expect(pids).toEqual([outer, inner].map(({ backendPid }) => [{ pid: backendPid, isOpen: true }]));
  await Promise.all([outer.close(), inner.close()]);
});
