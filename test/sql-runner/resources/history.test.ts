import fc from 'fast-check';
import { contradiction } from '../../../sql-runner/resources/history';

/** Beat n was written at 10n and committed before 10n + 1. */
const beat = (number: number, id = `b${number}`) => ({
  id,
  previous: null,
  number,
  at: '2026-01-02T03:04:05Z',
  passed: `0/${(number * 16 + 1).toString(16).toUpperCase()}`,
});
const beats = (...numbers: number[]) => numbers.map((number) => beat(number));
const at = (number: number) => `0/${(number * 16 + 8).toString(16).toUpperCase()}`;

test('a clone that is behind, and beats that either side has pruned, are no contradiction', () => {
  expect(contradiction([], [], '0/0')).toBeNull();
  expect(contradiction(beats(1, 2, 3), beats(1), at(1))).toBeNull();
  expect(contradiction(beats(3, 4), beats(1, 2, 3), at(3))).toBeNull();
  expect(contradiction(beats(1, 2, 3), beats(2, 3), at(3))).toBeNull();
});

test.each([
  ['the last one', beats(1, 2, 3), beats(1, 2), at(3), 3],
  ['one in the middle, wherever the origin stands', beats(1, 2, 3), beats(1, 3), '0/0', 2],
  ['all of them', beats(1, 2), [], at(2), 1],
])('the clone has passed %s without getting it', (_, source, clone, origin, number) => {
  expect(contradiction(source, clone, origin)).toMatchObject({ kind: 'missing on the clone', beat: { number } });
});

test('a beat of which it is not known where it ended is missed only when a later one is there', () => {
  const open = [...beats(1), { ...beat(2), passed: null }];
  expect(contradiction(open, beats(1), at(9))).toBeNull();
  expect(contradiction([...open, beat(3)], beats(1, 3), at(3))).toMatchObject({ beat: { number: 2 } });
});

test.each([
  ['is gone', beats(1), beats(1, 2)],
  ['was made again under its number', [beat(1), beat(2, 'another')], beats(1, 2)],
  ['was made again as the oldest that is kept', [beat(2, 'another')], beats(1, 2)],
  ['went with all the others', [], beats(1, 2)],
])('a beat that the clone has %s on the source', (_, source, clone) => {
  expect(contradiction(source, clone, at(2))).toMatchObject({ kind: 'unknown to the source' });
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
      expect(contradiction(source, clone, at(reached))).toBeNull();
      const lost = clone.filter(({ number }) => number !== skipped);
      // Of the oldest one that a side has, nothing tells whether it was pruned.
      const seen = skipped > (lost[0]?.number ?? 0) && source.some(({ number }) => number === skipped);
      if (lost.length < clone.length && seen)
        expect(contradiction(source, lost, at(reached))).toMatchObject({ beat: { number: skipped } });
    }),
    { numRuns: 500 },
  );
});
