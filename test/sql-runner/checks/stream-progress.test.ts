import { conditionOf } from '../../../sql-runner/checks/stream-condition';
import { described, foreignLogin, holderPids, holders } from '../../../sql-runner/checks/stream-words';
import type { ApplyWorker } from '../../../sql-runner/postgres/catalog/apply-workers';
import { sourceContract } from '../support/contract';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';
import type { StreamLook } from '../../../sql-runner/model/survey';

/** Whether what a worker received since the first look is progress, or the same transaction once more. */
const TIMEOUTS = { receiverMs: 60_000, statusMs: 10_000, retryMs: 0 };
const STARTED = '2026-01-02T03:00:00.000Z';

const look = (worker: Partial<ApplyWorker>): StreamLook => ({
  flushLsn: '0/30000100',
  reader: readerAtWork('s'),
  worker: { ...workerAtWork('s', 'shop'), startedAt: STARTED, lastMessage: null, ...worker },
});
const condition = (worker: Partial<ApplyWorker>) =>
  conditionOf(
    { first: look({ ...worker, lastMessage: '2026-01-02T03:00:01.000Z', receivedLsn: '0/4' }), last: look(worker) },
    TIMEOUTS,
  );

const YOUNG = '2026-01-02T03:09:59.999Z';
const OLD = '2026-01-02T03:10:00.000Z';

test.each<[string, Partial<ApplyWorker>, string]>([
  ['that never failed', { applyErrors: 0, lastMessage: YOUNG }, 'catching up'],
  ['that failed, and was started less than ten minutes ago', { applyErrors: 3, lastMessage: YOUNG }, 'silent'],
  ['that failed, and has worked for longer since', { applyErrors: 3, lastMessage: OLD }, 'catching up'],
  ['whose errors are not counted, and which is young', { applyErrors: null, lastMessage: YOUNG }, 'silent'],
  ['whose errors are not counted, and which is older', { applyErrors: null, lastMessage: OLD }, 'catching up'],
  ['that failed, and whose start is not known', { applyErrors: 3, startedAt: null, lastMessage: OLD }, 'silent'],
  ['that failed, and has not heard of the source', { applyErrors: 3, lastMessage: null }, 'silent'],
])('a worker %s, and received something: %p', (_, worker, expected) => {
  expect(condition(worker)).toBe(expected);
});

test('a worker that has heard nothing yet is not called silent for that', () => {
  const last = { ...look({ silentSeconds: null }), flushLsn: '0/30000000' };
  expect(conditionOf({ first: last, last }, TIMEOUTS)).toBe('streaming');
});

describe('in words', () => {
  const held = (since: string | null, pid = 12) => ({
    ...look({}),
    worker: {
      ...workerAtWork('s', 'shop'),
      holders: [{ pid, user: 'app', application: 'psql', state: null, since, ageSeconds: null, statement: null }],
    },
  });

  test('who holds a lock is told without parts of seconds', () => {
    expect(holders(held('2026-01-02T03:04:05.123456Z'))).toBe('process 12 (app, psql) since 2026-01-02T03:04:05Z');
    expect(holders(held(null))).toBe('process 12 (app, psql)');
    expect([holderPids(held(null)), holderPids(held(null, 0)), holderPids({ ...look({}), worker: null })]).toEqual([
      [12],
      [],
      [],
    ]);
  });

  test('who reads a slot is told with the last answer, where there was one', () => {
    expect(described({ ...readerAtWork('s'), replySeconds: 90 })).toBe(
      'process 4711 (acas_demo, s), which had its last answer 90 s ago',
    );
    expect(described({ ...readerAtWork('s'), replySeconds: null })).toBe('process 4711 (acas_demo, s)');
  });

  const login = (condition: Parameters<typeof foreignLogin>[2]) => {
    const last = { ...look({}), reader: { ...readerAtWork('s'), user: 'master' } };
    return foreignLogin(sourceContract(), { first: last, last, seconds: 1, waitsFor: null }, condition);
  };

  test.each(['streaming', 'catching up', 'busy', 'waiting'] as const)(
    'another login is told of a stream that is %s',
    (condition) => {
      expect(login(condition)).toBe('it logs in as master instead of acas_demo');
    },
  );

  test.each(['stopped', 'unread', 'failing', 'silent', 'undecided'] as const)(
    'and not of one that is %s: it may be somebody else',
    (condition) => {
      expect(login(condition)).toBeNull();
    },
  );

  test('nor of a slot that is gone', () => {
    const last = { ...look({}), reader: null };
    expect(foreignLogin(sourceContract(), { first: last, last, seconds: 1, waitsFor: null }, 'streaming')).toBeNull();
  });
});
