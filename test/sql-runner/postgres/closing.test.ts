import { setImmediate as sent } from 'node:timers/promises';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

let cluster: TestCluster;
beforeAll(async () => void (cluster = await startTestCluster()));
afterAll(() => cluster?.stop());

/** Long enough for a busy machine, and far from what a jest that hangs takes. */
const SOON_MS = 60_000;

test.each<[string, string]>([
  ['between two statements', 'SELECT 1'],
  ['within a transaction', 'BEGIN'],
])(
  'a session closes %s although its server stands still',
  async (_, before) => {
    const session = await openSession(targetOf(cluster, 'shop'));
    await session.query(before);
    process.kill(session.backendPid, 'SIGSTOP');
    try {
      await session.close();
      await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    } finally {
      process.kill(session.backendPid, 'SIGCONT');
    }
  },
  SOON_MS,
);

test(
  'and so it does with a statement on its way, and others queued, which all fail',
  async () => {
    const session = await openSession(targetOf(cluster, 'shop'));
    process.kill(session.backendPid, 'SIGSTOP');
    try {
      const asked = [1, 2, 3].map((n) => session.query(`SELECT ${n}`).catch((error: unknown) => error));
      const within = session.transaction(() => session.query('SELECT 4')).catch((error: unknown) => error);
      await sent();
      await session.close();
      for (const answer of [...asked, within]) expect(await answer).toMatchObject({ code: 'CONNECTION_LOST' });
    } finally {
      process.kill(session.backendPid, 'SIGCONT');
    }
  },
  SOON_MS,
);

test(
  'a statement that is never answered fails once the server itself would have ended it',
  async () => {
    const session = await openSession(targetOf(cluster, 'shop'), { statementTimeoutMs: 100 });
    process.kill(session.backendPid, 'SIGSTOP');
    try {
      const asked = session.query('SELECT 1');
      await expect(asked).rejects.toMatchObject({
        code: 'CONNECTION_LOST',
        seen: expect.stringContaining('no answer came within 5 s'),
      });
    } finally {
      process.kill(session.backendPid, 'SIGCONT');
      await session.close();
    }
  },
  SOON_MS,
);

test('one that the server ends by its limit is not taken for silence', async () => {
  const session = await openSession(targetOf(cluster, 'shop'), { statementTimeoutMs: 100 });
  await expect(session.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ code: '57014' });
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await session.close();
});
