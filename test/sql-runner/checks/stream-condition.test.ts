import { conditionOf, isDecided, type StreamCondition } from '../../../sql-runner/checks/stream-condition';
import type { Draft } from '../support/observations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';
import type { StreamLook } from '../../../sql-runner/model/survey';

type Look = Draft<StreamLook>;
const TIMEOUTS = { receiverMs: 60_000, statusMs: 10_000, retryMs: 0 };
const [CONFIRMED, BEHIND] = ['0/30000000', '0/30000100'];
const HELD = {
  holders: [{ pid: 7, user: 'app', application: null, state: null, since: null, ageSeconds: null, statement: null }],
};

function look(facts: Facts): Look {
  const made: Look = {
    flushLsn: facts.flushLsn ?? BEHIND,
    reader: { ...readerAtWork('s'), confirmedLsn: CONFIRMED, ...facts.reader },
    worker: { ...workerAtWork('s', 'shop'), holders: [], ...facts.worker },
  };
  if (facts.reader === null) made.reader = null;
  if (facts.worker === null) made.worker = null;
  return made;
}
interface Facts {
  readonly flushLsn?: string;
  readonly reader?: Partial<Look['reader'] & object> | null;
  readonly worker?: Partial<Look['worker'] & object> | null;
}
const once = (facts: Facts, timeouts = TIMEOUTS) => {
  const only = look(facts);
  return conditionOf({ first: only, last: only }, timeouts);
};
const twice = (first: Facts, last: Facts, timeouts = TIMEOUTS) => conditionOf(looksAt(first, last), timeouts);

/** A worker that was started anew has another sender, unless it is said that the former one is still there. */
function looksAt(first: Facts, last: Facts): { first: Look; last: Look } {
  const looks = { first: look(first), last: look(last) };
  const isAnother = looks.first.worker?.startedAt !== looks.last.worker?.startedAt;
  if (isAnother && last.reader === undefined) looks.last.reader!.pid = 4712;
  return looks;
}

test.each<[string, Facts, StreamCondition]>([
  ['without a subscription', { worker: null }, 'absent'],
  ['that is disabled', { worker: { enabled: false } }, 'disabled'],
  ['that has confirmed all', { flushLsn: CONFIRMED }, 'streaming'],
  ['that is behind', {}, 'undecided'],
  ['whose slot has no position', { reader: { confirmedLsn: null } }, 'undecided'],
  ['that waits for a lock', { flushLsn: CONFIRMED, worker: HELD }, 'undecided'],
  ['without a worker', { flushLsn: CONFIRMED, worker: { pid: null } }, 'stopped'],
  ['whose slot nobody reads', { flushLsn: CONFIRMED, reader: { active: false } }, 'unread'],
  ['whose slot is gone', { reader: null }, 'unread'],
])('one look at a stream %s', (_, facts, expected) => {
  expect(once(facts)).toBe(expected);
});

const SILENT = (silentSeconds: number | null): Facts => ({ flushLsn: CONFIRMED, worker: { silentSeconds } });
test.each<[Facts, number, StreamCondition]>([
  [SILENT(40), 60_000, 'streaming'],
  [SILENT(40.1), 60_000, 'silent'],
  [SILENT(21), 20_000, 'silent'],
  [SILENT(1_000), 0, 'streaming'],
  [SILENT(null), 60_000, 'streaming'],
])(
  'a worker that hears nothing for longer than it would ask is silent: %j with a timeout of %d',
  (facts, receiverMs, expected) => {
    expect(once(facts, { ...TIMEOUTS, receiverMs })).toBe(expected);
  },
);

test.each<[string, Facts, Facts, StreamCondition]>([
  ['is held up all the time', { worker: HELD }, { worker: HELD }, 'waiting'],
  ['is held up at last, and is read', {}, { worker: HELD }, 'silent'],
  ['is held up at last, and the source has given it up', {}, { worker: HELD, reader: { active: false } }, 'waiting'],
  [
    'has come since, is held up, and the source has given it up',
    { worker: null },
    { worker: HELD, reader: { active: false } },
    'waiting',
  ],
  ['was held up', { worker: HELD }, {}, 'silent'],
  [
    'failed before, and confirms more of what it receives anew, which need not be committed',
    { worker: { applyErrors: 2 }, reader: { confirmedLsn: '0/2FFFFFF0' } },
    { worker: { applyErrors: 2 } },
    'busy',
  ],
  ['never failed, and confirms more', { reader: { confirmedLsn: '0/2FFFFFF0' } }, {}, 'catching up'],
  ['fails, as is counted', { worker: { applyErrors: 1 } }, { worker: { applyErrors: 2 } }, 'failing'],
  ['failed once', { worker: { applyErrors: 2 } }, { worker: { applyErrors: 2 } }, 'silent'],
  [
    'was started anew while its slot kept its reader, and counts nothing',
    { worker: { applyErrors: null } },
    { worker: { applyErrors: null, startedAt: 'later' }, reader: {} },
    'stopped',
  ],
  [
    'was started anew while somebody reads its slot, who is not to be seen',
    { reader: { pid: null } },
    { worker: { startedAt: 'later' }, reader: { pid: null } },
    'silent',
  ],
  ['was started anew, and counts no error', {}, { worker: { startedAt: 'later' } }, 'silent'],
  [
    'was started anew, where nothing is counted',
    { worker: { applyErrors: null } },
    { worker: { applyErrors: null, startedAt: 'later' } },
    'failing',
  ],
  [
    'was started anew, and counts only now',
    { worker: { applyErrors: null } },
    { worker: { applyErrors: 5 } },
    'silent',
  ],
  [
    'was started anew, and counts only now, being another',
    { worker: { applyErrors: null } },
    { worker: { applyErrors: 5, startedAt: 'later' } },
    'failing',
  ],
  ['was not there at first, and counts nothing', { worker: null }, { worker: { applyErrors: null } }, 'silent'],
  ['failed, and has confirmed all since', { flushLsn: CONFIRMED }, { worker: { applyErrors: 9 } }, 'streaming'],
  [
    'is another one each time, and nobody reads',
    { flushLsn: CONFIRMED },
    { worker: { startedAt: 'later' }, reader: { active: false } },
    'stopped',
  ],
  [
    'was ended by what no error is counted of, and receives again',
    {},
    { worker: { startedAt: 'later', receivedLsn: '0/6' } },
    'busy',
  ],
  [
    'was started between the looks',
    { worker: { pid: null } },
    { worker: { startedAt: 'later', receivedLsn: '0/6' } },
    'catching up',
  ],
  ['confirms more', {}, { reader: { confirmedLsn: '0/30000001' } }, 'catching up'],
  ['gets messages', {}, { worker: { lastMessage: 'later' } }, 'catching up'],
  ['receives more', {}, { worker: { receivedLsn: '0/6' } }, 'catching up'],
  ['does not move, and works', { worker: { waitEvent: null } }, { worker: { waitEvent: null } }, 'busy'],
  ['does not move, while the source reads', {}, { reader: { waitEvent: null } }, 'busy'],
  ['does not move, and waits for a source that waits for it', {}, {}, 'silent'],
  ['does not move, and does not answer', {}, { reader: { waitEvent: null, replySeconds: 13 } }, 'silent'],
  ['does not move, and answers in time', {}, { reader: { waitEvent: null, replySeconds: 12.9 } }, 'busy'],
])('two looks at a stream that %s', (_, first, last, expected) => {
  expect(twice(first, last)).toBe(expected);
});

test('a worker that is not asked to answer is not taken for silent', () => {
  const last = { reader: { waitEvent: null, replySeconds: 1_000 } };
  expect(twice({}, last, { ...TIMEOUTS, statusMs: 0 })).toBe('busy');
});

test('what is looked at once more is what another look may tell', () => {
  const all: StreamCondition[] = [
    'absent',
    'disabled',
    'streaming',
    'catching up',
    'failing',
    'stopped',
    'unread',
    'waiting',
    'silent',
    'busy',
    'undecided',
  ];
  expect(all.filter((one) => isDecided(one, looksAt({}, { reader: { confirmedLsn: '0/30000001' } })))).toEqual([
    'absent',
    'disabled',
    'streaming',
    'catching up',
  ]);
});

test.each([
  ['has just begun', '2026-01-02T03:00:59.999Z', false],
  ['has worked for a minute', '2026-01-02T03:01:00.000Z', true],
  ['has heard nothing', null, false],
])('a worker that %s and confirms nothing may be ended before it does', (_, lastMessage, decided) => {
  const worker = { startedAt: '2026-01-02T03:00:00.000Z', lastMessage };
  expect(isDecided('catching up', looksAt({}, { worker }))).toBe(decided);
  expect(isDecided('catching up', looksAt({}, { worker, reader: { confirmedLsn: '0/30000001' } }))).toBe(true);
});
