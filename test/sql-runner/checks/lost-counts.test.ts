import type { AlteringLog, Passage } from '../../../sql-runner/checks/altering-log';
import { countWitnessOf, type KnownCounted, type Seen, type Standing } from '../../../sql-runner/checks/lost-counts';
import type { WorkerThen } from '../../../sql-runner/model/count-witness';

/** What the log of a clone that crashed at 12:10 tells of subscription `own`, whose worker was process 7. */
const at = (clock: string): string => `2026-11-29T${clock}.000Z`;
const began = (clock: string, pid: number, subscription = 'own'): Passage => ({
  kind: 'began',
  at: at(clock),
  pid,
  subscription,
});
const ended = (clock: string, pid: number, byAlteration = false): Passage => ({
  kind: 'ended',
  at: at(clock),
  pid,
  altered: byAlteration,
});
const crashed = (clock: string): Passage => ({ kind: 'crashed', at: at(clock) });
const CRASH = crashed('12:10:00');
const CRASHED: AlteringLog = { since: at('11:00:00'), altered: [], course: [CRASH], settings: [] };
const altered = (clock: string, subscription: string | null = 'own', why = 'the subscription was disabled') => ({
  at: at(clock),
  pid: 7,
  subscription,
  what: `its worker ended because ${why}`,
});
const seenBy = (clock: string, worker: WorkerThen = 7): Seen => ({ at: at(clock), worker });
const MARKED: KnownCounted = { marked: seenBy('12:00:00'), altering: false, looked: null };
const told = (log: Partial<AlteringLog>, known: Partial<KnownCounted> = {}, standing: Standing = null) =>
  countWitnessOf({ ...CRASHED, ...log }, 'own', { ...MARKED, ...known }, standing);
const NOTHING = { unread: null, altered: null };

test('a log from the mark to the crash, with a worker that was there, tells that nobody altered anything', () => {
  expect(told({})).toEqual(NOTHING);
  expect(told({ settings: [{ name: 'log_min_messages', at: at('11:59:00') }] })).toEqual(NOTHING);
});

test.each<[string, Parameters<typeof told>, RegExp]>([
  ['has no lines', [{ since: null }], /^it has nothing that could be read$/],
  ['begins after the mark', [{ since: at('12:00:01') }], /it does not reach back to 2026-11-29T12:00:00.000Z/],
  ['has no crash', [{ course: [] }], /it does not tell of a crash since .*: another server may have counted before$/],
  ['has only a crash of before', [{ course: [crashed('11:59:00')] }], /it does not tell of a crash/],
  [
    'was written otherwise meanwhile',
    [{ settings: [{ name: 'log_min_messages', at: at('12:05:00') }] }],
    /^log_min_messages was changed at 2026-11-29T12:05:00.000Z, and what was logged before may be missing$/,
  ],
  [
    'was written otherwise, and when cannot be read',
    [{ settings: [{ name: 'log_line_prefix', at: null }] }],
    /^log_line_prefix was changed, and what was logged before may be missing$/,
  ],
  [
    'has a worker that came meanwhile',
    [{ course: [began('12:05:00', 9), CRASH] }],
    /^no worker was there until 2026-11-29T12:05:00.000Z, and nobody logs/,
  ],
  [
    'has the end of its worker',
    [{ course: [ended('12:05:00', 7), CRASH] }],
    /^its worker ended at .*05:00.000Z, and no/,
  ],
  [
    'has its end while it was disabled by whom nobody knows',
    [{ course: [ended('12:05:00', 7), CRASH] }, {}, 'held'],
    /^its worker ended at/,
  ],
  [
    'has another crash in between',
    [{ course: [crashed('12:05:00'), CRASH] }],
    /^the server crashed at .*05:00.000Z as w/,
  ],
  ['is of a time without a worker', [{}, { marked: seenBy('12:00:00', null) }], /^whether a worker was there when/],
  [
    'is of a later look without a worker',
    [{}, { looked: seenBy('12:05:00', null) }],
    /^whether a worker was there when/,
  ],
  [
    'is of a hold that nobody knows the end of',
    [{}, { marked: seenBy('12:00:00', 'held') }],
    /^it was held by consent/,
  ],
  ['is of a mark that does not tell', [{}, { marked: null }], /^when the count was last known is not written down$/],
])('one that %s is not read as if it told all', (_, all, words) => {
  expect(told(...all).unread).toMatch(words);
});

test('workers of others, of before the mark, and of after the crash are no gap', () => {
  const others = [began('12:05:00', 8, 'another'), ended('12:06:00', 8)];
  expect(told({ course: [began('11:59:58', 7), ...others, CRASH, began('12:10:01', 9)] })).toEqual(NOTHING);
  // The run that remembered it had seen it begin.
  expect(told({ course: [began('12:00:00', 7), CRASH] })).toEqual(NOTHING);
});

test('what is held has no worker that could end: from its being disabled on its positions tell', () => {
  const course = [ended('12:05:00', 7, true), CRASH];
  const disabled = { altered: [altered('12:05:00')], course };
  expect(told(disabled, {}, 'held')).toEqual(NOTHING);
  expect(told({}, { looked: seenBy('12:06:00', 'held') }, 'held')).toEqual(NOTHING);
  expect(told({ course: [...course.slice(0, 1), began('12:07:00', 9), CRASH] }, {}, 'held').unread).toMatch(
    /^no worker/,
  );
});

test('the last alteration since the mark is told, of this subscription or of one that is not named', () => {
  const lines = [altered('11:59:00'), altered('12:01:00'), altered('12:02:00', null), altered('12:03:00', 'another')];
  expect(told({ altered: lines }).altered).toEqual(lines[2]);
  // Also where the log does not tell the rest.
  expect(told({ altered: lines, course: [] }).altered).toEqual(lines[2]);
  // RDS cuts the parts of a second off.
  expect(told({ altered: [altered('12:00:00')] }).altered).not.toBeNull();
});

test('what still stands is told by itself, and explains the last line', () => {
  const lines = [altered('12:01:00'), altered('12:02:00')];
  expect(told({ altered: lines }, {}, 'altered').altered).toEqual(lines[0]);
  expect(told({ altered: lines.slice(1) }, {}, 'altered')).toEqual(NOTHING);
});

test('what the run itself had altered that wrote the mark, its workers log a little later, once', () => {
  const changed = (clock: string) => altered(clock, 'own', 'of a parameter change');
  const course = [ended('12:00:08', 7, true), began('12:00:08', 9), CRASH];
  const own = { altered: [changed('12:00:08')], course };
  expect(told(own, { altering: true })).toEqual(NOTHING);
  expect(told(own).altered).not.toBeNull();
  expect(told({ course }).unread).toMatch(/^no worker was there/);
  expect(told({ altered: [changed('12:00:10')] }, { altering: true }).altered).not.toBeNull();
  // The one that it began is what has to go on.
  expect(
    told({ ...own, course: [...course.slice(0, 2), ended('12:05:00', 9), CRASH] }, { altering: true }).unread,
  ).toMatch(/^its worker ended at/);
  // No run disables what follows, and what comes twice is not its doing alone.
  expect(told({ altered: [altered('12:00:08')], course }, { altering: true }).altered).not.toBeNull();
  expect(told({ altered: [changed('12:00:07'), changed('12:00:08')] }, { altering: true }).altered).not.toBeNull();
});

test('who looked later need not have the log of before; what sessions had not told by then is read', () => {
  const late = { since: at('12:04:00'), altered: [altered('12:04:51')] };
  expect(told(late, { looked: seenBy('12:05:00') })).toEqual({ unread: null, altered: late.altered[0] });
  expect(told({ ...late, altered: [altered('12:04:48')] }, { looked: seenBy('12:05:00') })).toEqual(NOTHING);
  expect(told({}, { marked: null, looked: seenBy('12:05:00') })).toEqual(NOTHING);
});
