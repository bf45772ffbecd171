import type { Budget } from '../../../contract/contract';
import type { StreamStatus } from '../../../sql-runner/actions/status';
import { BudgetChanges } from '../../../sql-runner/past/budget-changes';
import { costing, FAILING } from '../support/costing';
import { sampleOf } from '../support/stream-status';

test('that a budget will be used up is told before it is, once, and what follows from it', () => {
  const budgets = new BudgetChanges();
  const streams = [{ database: 'shop', slot: 'acas_demo_shop' }];
  const of = (used: number, onBudget: Budget['onBudget'] = 'release') => {
    const told = { sample: sampleOf([costing(used)]), streams };
    return budgets.of(told, { bytes: 1, hours: null, onBudget }, 0);
  };
  expect(of(0.79)).toEqual([]);
  expect(of(0.851)).toMatchObject([
    {
      exceeded: false,
      near: true,
      used: 0.851,
      seen: expect.stringMatching(/^85 % .*; sql-runner serve drops its slot/),
    },
  ]);
  expect(of(0.99)).toEqual([]);
  expect(of(1)).toMatchObject([{ exceeded: true, near: false }]);
  expect(of(0.9, 'alarm')).toMatchObject([{ exceeded: false, near: true, seen: '90 % of its budget is used up' }]);
  expect(of(0.1)).toMatchObject([{ exceeded: false, near: false, seen: null, next: null }]);
});

test.each<[string, Partial<StreamStatus>, Budget | null, readonly string[]]>([
  [
    'nothing is known of its WAL',
    { retainedBytes: null, budgetUsed: null },
    { bytes: 1, hours: 2, onBudget: 'alarm' },
    [],
  ],
  ['its lag is not known', { retainedBytes: 0, lagSeconds: null }, { bytes: 1, hours: 2, onBudget: 'alarm' }, []],
  ['both are known', { retainedBytes: 0, lagSeconds: 9 }, { bytes: 1, hours: 2, onBudget: 'alarm' }, ['budget']],
  ['its slot is gone', { state: 'lost', retainedBytes: null }, { bytes: 1, hours: 2, onBudget: 'alarm' }, ['budget']],
  ['it has no budget any more', { retainedBytes: null }, null, ['budget']],
])('after its budget was used up, where %s: %j', (_, more, budget, told) => {
  const budgets = new BudgetChanges();
  const streams = [{ database: 'shop', slot: 'acas_demo_shop' }];
  const of = (status: StreamStatus, at: number) => budgets.of({ sample: sampleOf([status]), streams }, budget, at);
  expect(of(costing(1.2), 0)).toMatchObject([{ exceeded: true }]);
  expect(budgets.of({ sample: null, streams }, budget, 1)).toEqual([]);
  expect(of(costing(null, { problems: [FAILING], ...more }), 2).map(({ kind }) => kind)).toEqual(told);
});
