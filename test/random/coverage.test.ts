import { Coverage, type Counts, coverageTable, lackingFeatures } from './coverage';
import { FEATURES, type Feature } from './features';

/** Every feature once, but for one. */
function seedWithout(...without: Feature[]): Counts {
  const coverage = new Coverage();
  coverage.add(FEATURES.filter((feature) => !without.includes(feature)));
  return coverage.counts;
}

const many = (count: number, counts: Counts): Counts[] => Array.from({ length: count }, () => counts);

test('a feature that no seed had fails a run of fifty seeds, not a smaller one', () => {
  expect(lackingFeatures(many(50, seedWithout('NaN', 'table name: 63 bytes')))).toEqual([
    'table name: 63 bytes',
    'NaN',
  ]);
  expect(lackingFeatures(many(49, seedWithout('NaN')))).toEqual([]);
  expect(lackingFeatures(many(50, seedWithout()))).toEqual([]);
});

test('one seed is enough for most features, a quarter of them for streaming', () => {
  const streaming = 'large transaction streamed before its commit';
  const all = seedWithout();
  expect(lackingFeatures([all, ...many(49, seedWithout('NaN'))])).toEqual([]);
  expect(lackingFeatures([...many(12, all), ...many(38, seedWithout(streaming))])).toEqual([streaming]);
  expect(lackingFeatures([...many(13, all), ...many(37, seedWithout(streaming))])).toEqual([]);
});

test('the table says in how many seeds a feature was, and how often', () => {
  const coverage = new Coverage();
  coverage.add(['NULL', 'NULL', 'enum']);
  expect(coverageTable([coverage.counts, { NULL: 3 }, {}])).toMatch(/^ {5}2 {7}5 {2}NULL$/m);
  expect(coverageTable(many(50, seedWithout('enum')))).toMatch(/^ {5}0 {7}0 {2}enum {2}<- too few$/m);
});

test('what the clone has from being a copy does not count', () => {
  const coverage = new Coverage();
  coverage.add(['NaN']);
  coverage.forget();
  coverage.add(['NULL']);
  expect(coverage.counts).toEqual({ NULL: 1 });
});
