import { brokenAt } from './beat-chain';
import { grown } from './census';
import { growthOf } from './growth';

const MB = 2 ** 20;
const samples = (megabytes: readonly number[]) => megabytes.map((size, i) => ({ at: i * 1_000, bytes: size * MB }));

test('what a process takes while it warms up is no growth', () => {
  const warming = [40, 80, 120, 100, ...Array<number>(36).fill(140)];
  expect(growthOf(samples(warming), 9_000)).toMatchObject({ before: 140 * MB, after: 140 * MB, grew: false });
});

test('one that takes more and more has grown, and a single peak is none', () => {
  const growing = Array.from({ length: 100 }, (_, i) => 100 + i * 2);
  expect(growthOf(samples(growing), 20_000).grew).toBe(true);
  const peak = Array.from({ length: 100 }, (_, i) => (i === 97 ? 900 : 100));
  expect(growthOf(samples(peak), 20_000).grew).toBe(false);
});

test('at the bound it has not grown, above it has', () => {
  const bound = 1.3 * 100 + 30;
  const at = (size: number) => growthOf(samples([100, size, size, size]), 0).grew;
  expect([at(bound), at(bound + 1)]).toEqual([false, true]);
});

test('without samples on both sides of the warm-up nothing is said', () => {
  expect(() => growthOf(samples([1, 2]), 9_000)).toThrow('too few');
  expect(() => growthOf([], 0)).toThrow('too few');
});

test('what there is more of is named, and what was not there before', () => {
  const before = { sessions: 3, slots: 2 };
  expect(grown(before, { sessions: 3, slots: 1 })).toEqual([]);
  expect(grown(before, { sessions: 4, slots: 2, files: 1 })).toEqual([
    'sessions: 3 before, 4 in the end',
    'files: 0 before, 1 in the end',
  ]);
});

test('beats follow on one another, whatever came before the first that is kept', () => {
  const chain = [9, 10, 11].map((n) => ({ id: `b${n}`, previous: `b${n - 1}`, number: String(n) }));
  expect(brokenAt(chain)).toBeNull();
  expect(brokenAt([chain[0]!, chain[2]!])).toEqual(chain[2]);
  expect(brokenAt([chain[0]!, { ...chain[1]!, previous: 'another' }])).toMatchObject({ number: '10' });
  expect(brokenAt([chain[0]!, { ...chain[1]!, number: '12' }])).toMatchObject({ number: '12' });
});
