import type { Code } from '../../../errors/codes';
import { OperatorError } from '../../../errors/operator-error';
import type { Place } from '../../../sql-runner/model/address';
import type { Connections } from '../../../sql-runner/connections/connections';
import type { EngineEvent } from '../../../sql-runner/model/events';
import { lockEnvironment } from '../../../sql-runner/execute/lock-environment';
import type { Session } from '../../../sql-runner/postgres/session';
import { sourceContract, targetContract } from '../support/contract';
import { inVirtualTime } from '../support/virtual-time';

const refused = (code: Code): OperatorError => new OperatorError({ code, seen: code, why: 'w', next: 'n' });

/** Attempts to lock a database end as listed, one after the other, and then succeed; `tried` has the places. */
function attempts(endings: readonly (Error | 'locked')[], databases = ['shop'], cloned = false) {
  const left = [...endings];
  const tried: string[] = [];
  const events: EngineEvent[] = [];
  let sessionsClosed = 0;
  const connections = {
    contracts: { source: sourceContract(databases), target: cloned ? targetContract() : null },
    closeSessions: async () => void (sessionsClosed += 1),
  } as unknown as Connections;
  const writer = async ({ side, database }: Place): Promise<Session> => {
    tried.push(`${side} ${database}`);
    const ending = left.shift() ?? 'locked';
    if (ending !== 'locked') throw ending;
    return {} as Session;
  };
  const listener = (event: EngineEvent) => void events.push(event);
  const execution = { connections, listener, interrupted: () => false, writer };
  const lock = (waitMs: number) => inVirtualTime(() => lockEnvironment(connections, execution, waitMs));
  return { lock, tried, events, closed: () => sessionsClosed };
}

test('every database of both sides is locked, and the first lock of the source stands for all', async () => {
  const both = attempts([], ['shop', 'ledger'], true);
  expect(await both.lock(0)).toEqual({ side: 'source', database: 'shop' });
  expect(both.tried).toEqual(['source shop', 'source ledger', 'target shop', 'target ledger']);
  expect([both.events, both.closed()]).toEqual([[], 0]);
});

test('a restart ends the session that waits, and the wait goes on, whatever the server says while it restarts', async () => {
  const codes: Code[] = [
    'CONNECTION_LOST',
    'CONNECT_FAILED',
    'CONNECT_REFUSED',
    'CONNECT_NOT_READY',
    'CONNECT_TIMEOUT',
    'CONNECT_HELD_UP',
    'CONNECTION_LOST',
  ];
  const restarted = attempts(['locked', ...codes.map(refused)], ['shop', 'ledger']);
  expect(await restarted.lock(20_000)).toEqual({ side: 'source', database: 'shop' });
  // All locks ended with their sessions: all are taken again.
  expect(restarted.tried.slice(-2)).toEqual(['source shop', 'source ledger']);
  expect(restarted.closed()).toBe(codes.length);
  expect(restarted.events).toEqual([{ type: 'waiting', for: 'a server that restarts to come back' }]);
});

test('whoever has no patience, or not enough, gets the error of the last attempt', async () => {
  await expect(attempts([refused('CONNECTION_LOST')]).lock(0)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  const gone = attempts([refused('CONNECTION_LOST'), ...Array<Error>(99).fill(refused('CONNECT_REFUSED'))]);
  await expect(gone.lock(200)).rejects.toMatchObject({ code: 'CONNECT_REFUSED' });
});

test.each<Code>(['CONNECT_REFUSED', 'CONNECT_TIMEOUT', 'CONNECT_FAILED'])(
  'a server that was not there at first is not one that restarts: %s',
  async (code) => {
    const down = attempts([refused(code)]);
    await expect(down.lock(20_000)).rejects.toMatchObject({ code });
    expect([down.tried, down.events, down.closed()]).toEqual([['source shop'], [], 0]);
  },
);

test('one that says at first that it is starting or stopping is waited for', async () => {
  const restarts = attempts([refused('CONNECT_NOT_READY'), refused('CONNECT_REFUSED')]);
  expect(await restarts.lock(20_000)).toEqual({ side: 'source', database: 'shop' });
  expect(restarts.events).toEqual([{ type: 'waiting', for: 'a server that restarts to come back' }]);
});

test.each<[Code]>([['LOCK_HELD'], ['CONNECT_AUTH']])('%s is no restart, not even during one', async (code) => {
  await expect(attempts([refused(code)]).lock(20_000)).rejects.toMatchObject({ code });
  await expect(attempts([refused('CONNECTION_LOST'), refused(code)]).lock(20_000)).rejects.toMatchObject({ code });
});

test('neither is an error of our own', async () => {
  const defect = Object.assign(new Error('ours'), { code: 'CONNECTION_LOST' });
  await expect(attempts([defect]).lock(20_000)).rejects.toBe(defect);
});

test('a database that is gone has no lock, as long as there is another', async () => {
  const missing = refused('CONNECT_DATABASE_MISSING');
  const second = attempts([missing], ['shop', 'ledger']);
  expect(await second.lock(0)).toEqual({ side: 'source', database: 'ledger' });
  const first = attempts(['locked', missing], ['shop', 'ledger']);
  expect(await first.lock(0)).toEqual({ side: 'source', database: 'shop' });
  const third = attempts([missing, missing], ['shop', 'ledger', 'audit']);
  expect(await third.lock(0)).toEqual({ side: 'source', database: 'audit' });
  for (const databases of [['shop'], ['shop', 'ledger'], ['shop', 'ledger', 'audit']]) {
    const none = attempts(
      databases.map(() => missing),
      databases,
    );
    await expect(none.lock(0)).rejects.toBe(missing);
    expect(none.tried).toHaveLength(databases.length);
  }
});
