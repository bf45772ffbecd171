import type { Place } from '../../../sql-runner/model/address';
import type { Connections } from '../../../sql-runner/connections/connections';
import type { EngineEvent } from '../../../sql-runner/model/events';
import { takeLock } from '../../../sql-runner/execute/lock';
import { lockEnvironment } from '../../../sql-runner/execute/lock-environment';
import { findRunInProgress } from '../../../sql-runner/execute/run-in-progress';
import type { Session } from '../../../sql-runner/postgres/session';
import { sourceContract } from '../support/contract';
import { openSession, targetOf } from '../postgres/sessions';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { eventually } from '../../support/eventually';

let test_: TestCluster;
beforeAll(async () => (test_ = await startTestCluster({ databases: ['shop', 'ledger'] })));
afterAll(() => test_.stop());

const open = (database = 'shop') =>
  openSession(targetOf(test_, database), { readOnly: false, applicationName: 'sql-runner demo' });
const ignore = (): void => undefined;

test('the second run waits, is told for whom, and goes on when the first has ended', async () => {
  const [first, second] = [await open(), await open()];
  await takeLock(first, 'demo', 0, ignore);
  const events: EngineEvent[] = [];
  const waiting = takeLock(second, 'demo', 20_000, (event) => events.push(event));
  await eventually(async () => events.length > 0);
  expect(events).toEqual([
    {
      type: 'waiting',
      for: expect.stringMatching(
        new RegExp(`another run on demo: process ${first.backendPid} of master \\(sql-runner demo\\) since 20`),
      ),
    },
  ]);
  await first.close();
  await waiting;
  await second.close();
});

test('a run that does not want to wait is refused, with the holder named', async () => {
  const [first, second] = [await open(), await open()];
  await takeLock(first, 'demo', 0, ignore);
  await expect(takeLock(second, 'demo', 0, ignore)).rejects.toMatchObject({
    code: 'LOCK_HELD',
    seen: expect.stringContaining(`process ${first.backendPid} of master`),
  });
  await Promise.all([first.close(), second.close()]);
});

test('the lock dies with the connection of its holder', async () => {
  const [first, second, third] = [await open(), await open(), await open()];
  await takeLock(first, 'demo', 0, ignore);
  await third.query('SELECT pg_terminate_backend($1)', [first.backendPid]);
  await takeLock(second, 'demo', 20_000, ignore);
  await expect(first.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await Promise.all([first.close(), second.close(), third.close()]);
});

test("environments and databases do not stand in each other's way", async () => {
  const [demo, staging, ledger] = [await open(), await open(), await open('ledger')];
  await takeLock(demo, 'demo', 0, ignore);
  await takeLock(staging, 'staging', 0, ignore);
  await takeLock(ledger, 'demo', 0, ignore);
  await Promise.all([demo.close(), staging.close(), ledger.close()]);
});

describe('the lock of a whole environment', () => {
  const contract = sourceContract(['shop', 'ledger']);
  /** Sessions as Connections keeps them: one a database, until they are all forgotten. */
  function execution(connect: (place: Place) => Promise<Session>) {
    const kept = new Map<string, Promise<Session>>();
    const events: EngineEvent[] = [];
    const connections = {
      contracts: { source: contract, target: null },
      closeSessions: async () => {
        const sessions = [...kept.values()];
        kept.clear();
        for (const session of sessions) await session.then((open) => open.close()).catch(() => undefined);
      },
    } as unknown as Connections;
    const listener = (event: EngineEvent) => void events.push(event);
    const writer = async (place: Place) => {
      const opening = kept.get(place.database) ?? connect(place);
      kept.set(place.database, opening);
      const session = await opening.catch((error: unknown) => {
        kept.delete(place.database);
        throw error;
      });
      await takeLock(session, 'demo', 20_000, listener);
      return session;
    };
    return { connections, events, execution: { connections, listener, interrupted: () => false, writer } };
  }

  test('is waited for through a restart of the server, in every database anew', async () => {
    const holder = await open('ledger');
    await takeLock(holder, 'demo', 0, ignore);
    const { connections, events, execution: waiting } = execution(({ database }) => open(database));
    const locked = lockEnvironment(connections, waiting, 20_000);
    await eventually(async () => events.length > 0);
    await test_.cluster.restart();
    expect(await locked).toEqual({ side: 'source', database: 'shop' });
    expect(events.map((event) => event.type === 'waiting' && event.for)).toEqual([
      expect.stringContaining('another run on demo'),
      'a server that restarts to come back',
    ]);
    const others = await Promise.all([open('shop'), open('ledger')]);
    for (const other of others)
      await expect(takeLock(other, 'demo', 0, ignore)).rejects.toMatchObject({ code: 'LOCK_HELD' });
    await Promise.all(others.map((other) => other.close()));
    await connections.closeSessions();
    await holder.close();
  });

  test('is not waited for on a server that was never there', async () => {
    let attempts = 0;
    const { connections, execution: waiting } = execution(() => {
      attempts += 1;
      return openSession({ ...targetOf(test_, 'shop'), port: 1 });
    });
    await expect(lockEnvironment(connections, waiting, 20_000)).rejects.toMatchObject({ code: 'CONNECT_REFUSED' });
    expect(attempts).toBe(1);
  });

  test('of a server that does not come back in time: the error of the last attempt', async () => {
    const { connections, execution: waiting } = execution(async ({ database }) => {
      const session = await open(database);
      const ended = eventually(async () =>
        session.query('SELECT 1').then(
          () => false,
          () => true,
        ),
      );
      await test_.cluster.adminClient().then(async (admin) => {
        await admin.query('SELECT pg_terminate_backend($1)', [session.backendPid]);
        await admin.end();
      });
      await ended;
      return session;
    });
    await expect(lockEnvironment(connections, waiting, 300)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('is told to those who only read', async () => {
    const reader = await openSession(targetOf(test_, 'shop'), { readOnly: true });
    const connections = {
      contracts: { source: contract, target: null },
      first: async () => ({ side: 'source', database: 'shop' }),
      use: (_: Place, read: (session: Session) => Promise<unknown>) => read(reader),
    } as unknown as Connections;
    expect(await findRunInProgress(connections)).toEqual([]);
    const holder = await open();
    await takeLock(holder, 'demo', 0, ignore);
    expect(await findRunInProgress(connections)).toMatchObject([
      { code: 'RUN_IN_PROGRESS', severity: 'warn', seen: expect.stringContaining(`process ${holder.backendPid} of`) },
    ]);
    await Promise.all([holder.close(), reader.close()]);
  });
});
