import { VerifyProgress } from '../../../sql-runner/render/verify-progress';

const table = { schema: 'public', name: 'orders' };
const items = { schema: 'public', name: 'items' };

const told = (progress: VerifyProgress, at: number): string => progress.lines(at).join('\n').replace(/\s+/g, ' ');

test('a table that is being read tells its place, its rows and how long it takes by now', () => {
  const progress = new VerifyProgress();
  progress.hear('shop', { kind: 'table-started', table, total: 15 }, 0);
  expect(told(progress, 2_000)).toBe(
    ' comparing shop: public.orders, table 1 of 15: looking at its columns, 2 s by now',
  );
  progress.hear('shop', { kind: 'reading', table, estimatedRows: 1_200_000 }, 3_000);
  expect(told(progress, 43_000)).toBe(
    ' comparing shop: public.orders, table 1 of 15: about 1,200,000 rows, 40 s by now',
  );
  progress.hear('shop', { kind: 'buckets-compared', table, rows: 1_000_000, buckets: 9, mismatching: 1 }, 53_000);
  expect(told(progress, 53_000)).toMatch(/1,000,000 rows read, 20,000 rows\/s$/);
  progress.hear('shop', { kind: 'settling', table, round: 2, open: 12 }, 54_000);
  expect(told(progress, 54_000)).toMatch(/20,000 rows\/s; 12 of them are read again until both sides agree$/);
});

test('what is left of a table is reckoned by the rate of those before it, and not said once that is used up', () => {
  const progress = new VerifyProgress();
  progress.hear('shop', { kind: 'table-started', table, total: 2 }, 0);
  progress.hear('shop', { kind: 'reading', table, estimatedRows: 1_000_000 }, 0);
  progress.hear('shop', { kind: 'buckets-compared', table, rows: 1_000_000, buckets: 9, mismatching: 0 }, 10_000);
  const verdict = { ...table, status: 'equal', rows: 1_000_000, buckets: 9, rechecked: 0, seconds: 10 } as const;
  progress.hear(
    'shop',
    { kind: 'table-finished', verdict: { ...verdict, differences: [], moreDifferences: false } },
    0,
  );
  expect(progress.lines(10_000)).toEqual([]);
  progress.hear('shop', { kind: 'table-started', table: items, total: 2 }, 10_000);
  progress.hear('shop', { kind: 'reading', table: items, estimatedRows: 4_000_000 }, 10_000);
  expect(told(progress, 20_000)).toMatch(/items, table 2 of 2: about 4,000,000 rows, 10 s by now, about 30 s left$/);
  expect(told(progress, 60_000)).toMatch(/about 4,000,000 rows, 50 s by now$/);
});

test('a table that gives way begins anew; one of unknown size says so; every line fits 80 columns', () => {
  const progress = new VerifyProgress();
  const long = { schema: 's'.repeat(20), name: 't'.repeat(40) };
  progress.hear('shop', { kind: 'table-started', table: long, total: 1 }, 0);
  progress.hear('shop', { kind: 'reading', table: long, estimatedRows: -1 }, 0);
  progress.hear('shop', { kind: 'gave-way', table: long, pid: 7 }, 5_000);
  expect(told(progress, 9_000)).toMatch(/its number of rows is not known, 4 s by now$/);
  expect(progress.lines(9_000).filter((line) => line.length > 80)).toEqual([]);
});
