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
