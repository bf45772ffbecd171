import type { AlteringLog } from '../../../sql-runner/checks/altering-log';
import { countWitnessOf, type KnownCounted } from '../../../sql-runner/checks/lost-counts';

/** What the log of a clone that crashed at 12:10 tells of subscription `own`. */
const at = (clock: string): string => `2026-11-29T${clock}.000Z`;
const CRASHED: AlteringLog = { since: at('11:00:00'), altered: [], started: [], crashes: [at('12:10:00')] };
const altered = (clock: string, subscription: string | null = 'own', why = 'the subscription was disabled') => ({
  at: at(clock),
  pid: 7,
  subscription,
  what: `its worker ended because ${why}`,
});
const MARKED: KnownCounted = { marked: at('12:00:00'), altering: false, looked: null };
const told = (log: Partial<AlteringLog>, known: Partial<KnownCounted> = {}, standing = false) =>
  countWitnessOf({ ...CRASHED, ...log }, 'own', { ...MARKED, ...known }, standing);
const NOTHING = { unread: null, altered: null };

test('a log from the mark to the crash, with a worker that was there, tells that nobody altered anything', () => {
  expect(told({})).toEqual(NOTHING);
});

test.each<[string, Parameters<typeof told>, RegExp]>([
  ['has no lines', [{ since: null }], /^it has nothing that could be read$/],
  ['begins after the mark', [{ since: at('12:00:01') }], /it does not reach back to 2026-11-29T12:00:00.000Z/],
  ['has no crash', [{ crashes: [] }], /it does not tell of a crash since .*: another server may have counted before$/],
  ['has only a crash of before', [{ crashes: [at('11:59:00')] }], /it does not tell of a crash/],
  [
    'has a worker that came meanwhile',
    [{ started: [{ at: at('12:05:00'), subscription: 'own' }] }],
    /^no worker was there until 2026-11-29T12:05:00.000Z, and nobody logs/,
  ],
  ['is of a mark that does not tell', [{}, { marked: null }], /^when the count was last known is not written down$/],
])('one that %s is not read as if it told all', (_, [log, known], words) => {
  expect(told(log, known).unread).toMatch(words);
});

test('workers of others, of before the mark, and of after the crash are no gap', () => {
  const started = [
    { at: at('12:05:00'), subscription: 'another' },
    { at: at('11:59:58'), subscription: 'own' },
    { at: at('12:10:01'), subscription: 'own' },
  ];
  expect(told({ started })).toEqual(NOTHING);
});

test('the last alteration since the mark is told, of this subscription or of one that is not named', () => {
  const lines = [altered('11:59:00'), altered('12:01:00'), altered('12:02:00', null), altered('12:03:00', 'another')];
  expect(told({ altered: lines }).altered).toEqual(lines[2]);
  // Also where the log does not tell the rest.
  expect(told({ altered: lines, crashes: [] }).altered).toEqual(lines[2]);
  // RDS cuts the parts of a second off.
  expect(told({ altered: [altered('12:00:00')] }).altered).not.toBeNull();
});

test('what still stands is told by itself, and explains the last line', () => {
  const lines = [altered('12:01:00'), altered('12:02:00')];
  expect(told({ altered: lines }, {}, true).altered).toEqual(lines[0]);
  expect(told({ altered: lines.slice(1) }, {}, true)).toEqual(NOTHING);
});

test('what the run itself had altered that wrote the mark, its workers log a little later, once', () => {
  const changed = (clock: string) => altered(clock, 'own', 'of a parameter change');
  const started = [{ at: at('12:00:08'), subscription: 'own' }];
  const own = { altered: [changed('12:00:08')], started };
  expect(told(own, { altering: true })).toEqual(NOTHING);
  expect(told(own).altered).not.toBeNull();
  expect(told({ started }).unread).toMatch(/^no worker was there/);
  expect(told({ altered: [changed('12:00:10')] }, { altering: true }).altered).not.toBeNull();
  // No run disables what follows, and what comes twice is not its doing alone.
  expect(told({ altered: [altered('12:00:08')], started }, { altering: true }).altered).not.toBeNull();
  expect(told({ altered: [changed('12:00:07'), changed('12:00:08')] }, { altering: true }).altered).not.toBeNull();
});

test('who looked later need not have the log of before; what sessions had not told by then is read', () => {
  const late = { since: at('12:04:00'), altered: [altered('12:04:51')] };
  expect(told(late, { looked: at('12:05:00') })).toEqual({ unread: null, altered: late.altered[0] });
  expect(told({ ...late, altered: [altered('12:04:48')] }, { looked: at('12:05:00') })).toEqual(NOTHING);
  expect(told({}, { marked: null, looked: at('12:05:00') })).toEqual(NOTHING);
});
