import fc from 'fast-check';
import { contradiction, isBroken } from '../../../sql-runner/resources/history';

/** Beat n was written at 10n and committed before 10n + 1. */
const beat = (number: number, id = `b${number}`) => ({
  id,
  previous: null,
  number,
  at: '2026-01-02T03:04:05Z',
  passed: `0/${(number * 16 + 1).toString(16).toUpperCase()}`,
});
const beats = (...numbers: number[]) => numbers.map((number) => beat(number));
const after = (previous: string) => ({ ...beat(3), previous });
const at = (number: number) => `0/${(number * 16 + 8).toString(16).toUpperCase()}`;

test('a clone that is behind, and beats that either side has pruned, are no contradiction', () => {
  expect(contradiction([], [], '0/0')).toBeNull();
  expect(contradiction(beats(1, 2, 3), beats(1), at(1))).toBeNull();
  expect(contradiction(beats(3, 4), beats(2, 3), at(3), { kept: 2 })).toBeNull();
  expect(contradiction(beats(1, 2, 3), beats(2, 3), at(3), { kept: 2 })).toBeNull();
});

test.each([
  ['the last one', beats(1, 2, 3), beats(1, 2), at(3), 3],
  ['one in the middle, wherever the origin stands', beats(1, 2, 3), beats(1, 3), '0/0', 2],
  ['all of them', beats(1, 2), [], at(2), 1],
])('the clone has passed %s without getting it', (_, source, clone, origin, number) => {
  expect(contradiction(source, clone, origin)).toMatchObject({ kind: 'missing on the clone', beat: { number } });
});

test('a beat after the same one, or that has lost the one before it, is no other one', () => {
  expect(contradiction([...beats(1, 2), after('b2')], [...beats(1, 2), after('b2')], at(3))).toBeNull();
  expect(contradiction([...beats(1, 2), after('b2')], beats(1, 2, 3), at(3))).toBeNull();
  expect(contradiction(beats(1, 2, 3), [...beats(1, 2), after('b2')], at(3))).toBeNull();
});

test('a beat of which it is not known where it ended is missed only when a later one is there', () => {
  const open = [...beats(1), { ...beat(2), passed: null }];
  expect(contradiction(open, beats(1), at(9))).toBeNull();
  const twin = [...beats(1), { ...beat(1, 'twin'), passed: null }];
  expect(contradiction(twin, beats(1), at(9))).toBeNull();
  expect(contradiction([...open, beat(3)], beats(1, 3), at(3))).toMatchObject({ beat: { number: 2 } });
});

/** Beats of a source, from one number to another, each naming the one before. */
const chain = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    ...beat(from + index, `${prefix}${from + index}`),
    previous: `${prefix}${from + index - 1}`,
  }));

test('a source that was put back, and has long written more beats than are kept, is still found', () => {
  const kept = 3;
  const before = chain('b', 8, 10);
  // Put back to beat 5, and written on since to 20; the clone gets what is written from some position on.
  const source = chain('n', 18, 20);
  expect(contradiction(source, [...before, ...source], at(20), { kept })).toMatchObject({ kind: 'after another one' });
  expect(contradiction(source, source, at(20), { kept })).toBeNull();
});

test.each([
  ['twice under one number', [...chain('b', 1, 3), { ...beat(3, 'twin'), previous: 'b2' }]],
  ['after one that it lacks', [...chain('b', 1, 2), { ...beat(3), previous: 'x2' }]],
])('a beat that the clone got %s does not follow', (_, clone) => {
  expect(contradiction(clone, clone, at(3), { kept: 9 })).toMatchObject({
    kind: 'after another one',
    beat: { number: 3 },
  });
});

test.each([
  ['is gone', beats(1), beats(1, 2)],
  ['was made again under its number', [beat(1), beat(2, 'another')], beats(1, 2)],
  ['was made again as the oldest that is kept', [beat(2, 'another')], beats(1, 2)],
  ['went with all the others', [], beats(1, 2)],
])('a beat that the clone has %s on the source', (_, source, clone) => {
  expect(contradiction(source, clone, at(2))).toMatchObject({ kind: 'unknown to the source' });
});

test.each([
  ['the newest beat, which it lacked with others', beats(1, 2, 3, 4, 5), beats(1, 2, 5), 3],
  ['that beat alone', beats(1, 2, 3, 4, 5), beats(5), 1],
  ['one of another number', beats(1, 2, 3), [...beats(1, 2), { ...beat(4), id: 'b3' }], 3],
  ['one after another one', [...beats(1, 2), after('b2')], [...beats(1, 2), after('b1')], 3],
])('who gives a side %s by hand does not make it a history', (_, written, forged, number) => {
  expect(contradiction(written, forged, at(9))).not.toBeNull();
  expect(contradiction(forged, written, at(9))).toMatchObject({ kind: 'unknown to the source', beat: { number } });
});

test('whatever is skipped over a beat is found, and an undisturbed stream never', () => {
  const world = fc.record({ written: fc.integer({ min: 1, max: 30 }), kept: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(world, fc.nat(30), fc.nat(30), ({ written, kept }, applied, skipped) => {
      const all = Array.from({ length: written }, (_, index) => index + 1);
      const reached = Math.min(applied, written);
      const window = (last: number) => all.filter((number) => number <= last && number > last - kept);
      const source = beats(...window(written));
      const clone = beats(...window(reached));
      expect(contradiction(source, clone, at(reached), { kept })).toBeNull();
      const lost = clone.filter(({ number }) => number !== skipped);
      const seen = source.some(({ number }) => number === skipped);
      if (lost.length < clone.length && seen)
        expect(contradiction(source, lost, at(reached), { kept })).toMatchObject({ beat: { number: skipped } });
    }),
    { numRuns: 500 },
  );
});

const twelve = chain('b', 1, 12);
const without = (...ids: string[]) => twelve.filter(({ id }) => !ids.includes(id));
const DEAD = { kind: 'unknown to the source' };

test.each([
  ['one on the clone', twelve, without('b5'), 'missing on the clone', 5],
  ['the first ones on the clone', twelve, without('b1', 'b2'), 'missing on the clone', 1],
  ['one on the source, before the clone heard of it', without('b5'), twelve, 'deleted on the source', 5],
  ['one on the source, and both lack it', without('b5'), without('b5'), 'after a deleted one', 6],
  ['some on each side', without('b9'), without('b4'), 'missing on the clone', 4],
])('who deletes %s leaves it to the rows, until they were compared', (_, source, clone, kind, number) => {
  const found = contradiction(source, clone, at(12));
  expect(found).toMatchObject({ kind, beat: { number } });
  expect(isBroken(found!)).toBe(false);
  const compared = (beat: { id: string; number: number }) => contradiction(source, clone, at(12), { beat });
  expect(compared({ id: 'b10', number: 10 })).toBeNull();
  // Of another history, or of before.
  expect(compared({ id: 'x10', number: 10 })).toMatchObject({ kind });
  expect(compared({ id: 'b3', number: 3 })).toEqual(number <= 3 ? null : expect.objectContaining({ kind }));
});

test('one that follows on the last that was compared is excused of it, and not of what comes later', () => {
  const [source, clone] = [chain('b', 8, 14), [...chain('b', 5, 6), ...chain('b', 8, 11)]];
  // The source has pruned what the clone lacks, and the clone has not heard of that yet.
  expect(contradiction(source, clone, at(11), { kept: 7 })).toMatchObject({ kind: 'after another one' });
  expect(contradiction(source, clone, at(11), { kept: 7, beat: { id: 'b7', number: 7 } })).toBeNull();
  expect(contradiction(twelve, without('b6'), at(12), { beat: { id: 'b5', number: 5 } })).toMatchObject({
    kind: 'missing on the clone',
  });
});

test('a source that was put back is none where beats were deleted, whatever was compared before', () => {
  const again = [...chain('b', 1, 5), { ...beat(6, 'n6'), previous: 'b5' }, ...chain('n', 7, 9)];
  for (const known of [{}, { beat: { id: 'b8', number: 8 } }, { beat: { id: 'b4', number: 4 } }]) {
    for (const clone of [chain('b', 1, 8), [...chain('b', 1, 8), ...chain('n', 9, 9)], without('b5', 'b10')])
      expect(contradiction(again, clone, at(9), known)).toMatchObject(DEAD);
  }
  // Of what it wrote since, the clone has got none and not what comes after: no beat of before says that it was put back.
  const since = [...chain('b', 1, 5), ...chain('n', 9, 9)];
  const known = { beat: { id: 'b8', number: 8 } };
  expect(contradiction(again, since, at(9), known)).toMatchObject({ kind: 'missing on the clone' });
});

test('what nobody has applied is lost for certain: the slot gave it away, or was moved over it', () => {
  const written = chain('b', 1, 3).map((one) => ({ ...one, lsn: `0/${(one.number * 16).toString(16)}` }));
  const lost = written.slice(0, 2);
  const kindOf = (known: object) => contradiction(written, lost, at(3), known)?.kind;
  expect(kindOf({ origin: at(2) })).toBe('never applied');
  expect(kindOf({ origin: at(3) })).toBe('missing on the clone');
  const move = { at: 'noon', pid: 1, by: null, from: at(2), to: at(3) };
  expect(kindOf({ origin: at(3), move })).toBe('never applied');
  for (const other of [{ from: at(3) }, { to: at(2) }, { to: null }])
    expect(kindOf({ origin: at(3), move: { ...move, ...other } })).toBe('missing on the clone');
  expect(kindOf({ origin: at(2), move, beat: { id: 'b3', number: 3 } })).toBeUndefined();
});
