import fc from 'fast-check';
import { budgetUsed, overBudget, reachedAt } from '../../../sql-runner/checks/wal-budget';
import { releaseOf } from '../../../sql-runner/model/budget';
import { sourceContract } from '../support/contract';

const budget = (bytes: number | null, hours: number | null, onBudget: 'alarm' | 'release' = 'alarm') =>
  ({ bytes, hours, onBudget }) as const;
const cost = (
  unconfirmedBytes: number | null,
  unreadSeconds: number | null = null,
  lagSeconds: number | null = null,
) => ({
  unconfirmedBytes,
  unreadSeconds,
  lagSeconds,
});

test.each([
  ['without a budget', null, cost(1), null],
  ['of WAL', budget(1_000, null), cost(250), 0.25],
  ['of WAL that is not known', budget(1_000, null), cost(null), null],
  ['of time without a reader', budget(null, 2), cost(null, 3_600), 0.5],
  ['of time behind, where that is longer', budget(null, 2), cost(null, 60, 7_200), 1],
  ['of time that is not known', budget(null, 2), cost(5), null],
  ['of both, the one that is nearer', budget(1_000, 1), cost(100, 1_800), 0.5],
])('the part that is used %s', (_, of, spent, used) => {
  expect(budgetUsed(of, spent)).toBe(used);
});

test('what is over its budget is told in numbers, and never what is not', () => {
  const contract = (onBudget: 'alarm' | 'release') =>
    sourceContract(['shop'], { budget: budget(10_000_000, 1, onBudget) });
  const [told] = overBudget(contract('alarm'), 'the stream of database shop', cost(10_000_000, 5_400));
  expect(told).toMatchObject({
    code: 'WAL_BUDGET_EXCEEDED',
    seen: 'the stream of database shop costs production more than its budget: 10 MB of WAL not confirmed of 10 MB, 1.5 h of 1 h',
  });
  expect(told!.why).not.toContain('drops its slot');
  expect(overBudget(contract('release'), 's', cost(10_000_000))[0]!.why).toContain('drops its slot');
  expect(overBudget(contract('alarm'), 's', cost(9_999_999, 3_599))).toEqual([]);
  expect(overBudget(contract('alarm'), 's', cost(null))).toEqual([]);
  expect(overBudget(sourceContract(['shop']), 's', cost(1e15))).toEqual([]);
});

test('where a slot is dropped beyond the budget, that stands beside what else limits it', () => {
  const said = (...of: Parameters<typeof budget>) => releaseOf({ budget: budget(...of) });
  expect(said(10_000_000, 1, 'release')).toEqual([
    'sql-runner serve drops the slot beyond its budget (10 MB not confirmed or 1 h unread), and then only a new clone helps',
  ]);
  expect(said(10_000_000, null, 'release')).toEqual([expect.stringContaining('(10 MB not confirmed)')]);
  expect(said(10_000_000, 1, 'alarm')).toEqual([]);
  expect(releaseOf({ budget: null })).toEqual([]);
});

test('a limit is reached when as much is written as is left', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 1e9 }), (now, left, rate) => {
      const at = reachedAt(now, left, rate)!;
      expect(Math.abs(((at - now) / 1_000) * rate - left)).toBeLessThanOrEqual(Math.max(1, rate) * 0.01 + left * 1e-6);
      expect(reachedAt(now, -left, rate)).toBe(now);
      expect(reachedAt(now, left, 0)).toBeNull();
      expect(reachedAt(now, left, null)).toBeNull();
    }),
  );
});
