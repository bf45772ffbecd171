import { holderPids, holders } from '../../../sql-runner/checks/stream-words';
import { behind, seen } from './fires-of-streams';
import { after } from './provocations';

test.each([
  [0, 1, 'has just failed, 1 error by now'],
  [1, 2, 'fails again and again, 2 errors by now'],
])('a worker whose errors were %i and are %i %s', (before, now, words) => {
  const change = seen(
    (look) => {
      behind(look);
      look.worker!.applyErrors = before;
    },
    (look) => (look.worker!.applyErrors = now),
  );
  expect(after(change)).toMatchObject([{ code: 'APPLY_WORKER_FAILING', seen: expect.stringContaining(words) }]);
});

const NONE = { pid: null, startedAt: null };
const READER = { pid: 7, user: 'ops', application: 'pg_recvlogical', replySeconds: 90.4 };

test.each([
  ['with all that is known', READER, 'process 7 (ops, pg_recvlogical), which had its last answer 90 s ago'],
  ['without a name', { ...READER, application: '', replySeconds: null }, 'process 7 (ops)'],
  ['unseen', { ...READER, user: null, application: null, replySeconds: 0 }, 'process 7, which had its last answer 1 s'],
])('whoever else reads the slot is told %s', (_, reader, told) => {
  const change = seen((look) => {
    Object.assign(look.worker!, NONE);
    Object.assign(look.reader!, reader);
  });
  const [finding, ...others] = after(change);
  expect(others).toEqual([]);
  expect(finding!.seen).toContain(`its slot acas_demo_shop is read by ${told}`);
});

test.each([
  ['has come since', { pid: 8 }],
  ['is gone', { active: false }],
  ['is not to be seen', { pid: null }],
])('a reader that %s is not told to be in the way', (_, reader) => {
  const change = seen(
    (look) => {
      Object.assign(look.worker!, NONE);
      Object.assign(look.reader!, READER);
    },
    (look) => Object.assign(look.reader!, reader),
  );
  expect(after(change)).toMatchObject([{ code: 'APPLY_WORKER_STOPPED', seen: expect.stringContaining('none does') }]);
});

test('nobody is in the way of a worker that is not there', () => {
  const none = { flushLsn: '0/1', reader: null, worker: null };
  expect([holders(none), holderPids(none)]).toStrictEqual(['', []]);
});
