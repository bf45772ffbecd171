import { comparisonOf, outcomeOf } from '../../../sql-runner/actions/comparison-of';
import type { DatabaseVerdict, Verification } from '../../../sql-runner/actions/verify';
import { comparison } from '../../../sql-runner/model/comparison';

const table = (database: string, name: string, status: DatabaseVerdict['status'] = 'equal', rows = 7) =>
  ({ database, schema: 'public', name, status, rows }) as DatabaseVerdict;
const found = (parts: Partial<Verification>): Verification => ({
  tables: [table('shop', 'a'), table('ledger', 'b')],
  notReplicated: [],
  doubts: [],
  notCompared: [],
  ...parts,
});
const gone = { database: 'ledger', schema: 'public', name: 'gone', reason: 'taken out' };

test.each<[string, Partial<Verification>]>([
  ['equal', {}],
  ['not equal', { tables: [table('shop', 'a', 'different'), table('shop', 'b', 'unsettled')], doubts: ['d'] }],
  ['not equal', { notReplicated: [gone] }],
  ['not settled', { tables: [table('shop', 'a', 'unsettled')] }],
  ['not proven', { doubts: ['it is disabled'] }],
  ['not proven', { tables: [] }],
  ['not read', { tables: [table('shop', 'a', 'unsupported')] }],
])('%s, in the word that goes with the exit code: %j', (word, parts) => {
  expect(outcomeOf(found(parts))).toBe(word);
});

test('each database has its own outcome; a doubt is against each, and what was not compared against none', () => {
  const parts = {
    tables: [table('shop', 'a'), table('shop', 'c', 'different', 5), table('ledger', 'b')],
    notReplicated: [gone],
    notCompared: ['database shop: 2 sequences'],
  };
  const kept = comparisonOf(found(parts), ['shop', 'ledger', 'empty'], true);
  expect(kept).toEqual({
    whole: true,
    databases: [
      { database: 'shop', outcome: 'not equal', tables: 2, equal: 1, rows: 12 },
      { database: 'ledger', outcome: 'not equal', tables: 2, equal: 1, rows: 7 },
      { database: 'empty', outcome: 'not proven', tables: 0, equal: 0, rows: 0 },
    ],
    against: [
      'table public.c in database shop differs',
      'table public.gone in database ledger is not replicated (taken out)',
    ],
    notCompared: ['database shop: 2 sequences'],
  });
  expect(comparison.parse(kept)).toEqual(kept);
  const doubtful = comparisonOf(found({ doubts: ['it is disabled'] }), ['shop', 'ledger'], false);
  expect(doubtful.databases.map(({ outcome }) => outcome)).toEqual(['not proven', 'not proven']);
  expect([doubtful.whole, doubtful.against]).toEqual([false, ['it is disabled']]);
});

test('of thousands of tables that differ the first are named, and the others counted', () => {
  const tables = Array.from({ length: 2_000 }, (_, index) => table('shop', `${'x'.repeat(400)}${index}`, 'different'));
  const { against } = comparisonOf(found({ tables }), ['shop'], true);
  expect([against.length, against.at(-1)]).toEqual([11, 'and 1990 more']);
  expect(Math.max(...against.map((text) => text.length))).toBeLessThanOrEqual(301);
});
