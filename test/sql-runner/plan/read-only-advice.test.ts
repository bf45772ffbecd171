import { runnableOnClone } from '../../../sql-runner/plan/read-only-advice';
import { sourceContract } from '../support/contract';
import { edit, following } from '../support/observations';

const next = (text: string, readOnly: string[]) => {
  const observation = edit(following(sourceContract()), ({ target }) => target!.readOnlyDatabases.push(...readOnly));
  const [finding] = runnableOnClone(
    [{ code: 'COLUMNS_DIFFER', severity: 'warn', seen: '', why: '', next: text }],
    observation,
  );
  return finding!.next;
};
const ON_CLONE = 'in database shop on the clone: DROP TABLE "$&";';

test.each([
  [ON_CLONE, ['shop'], 'in database shop on the clone: SET default_transaction_read_only = off; DROP TABLE "$&";'],
  [ON_CLONE, ['ledger'], ON_CLONE],
  [ON_CLONE, [], ON_CLONE],
  ['in database shop on the source: SELECT 1;', ['shop'], 'in database shop on the source: SELECT 1;'],
  [
    'in database ledger on the clone: SELECT 1; then in database shop on the clone: SELECT 2;',
    ['shop', 'ledger'],
    'in database ledger on the clone: SET default_transaction_read_only = off; SELECT 1; then in database shop on the clone: SET default_transaction_read_only = off; SELECT 2;',
  ],
])(
  'what is to be carried out on a clone begins with what its server asks for: %s, of %j',
  (text, readOnly, expected) => {
    expect(next(text, readOnly)).toBe(expected);
  },
);

test('without a clone nothing is read-only', () => {
  const finding = { code: 'COLUMNS_DIFFER', severity: 'warn', seen: '', why: '', next: ON_CLONE } as const;
  expect([
    runnableOnClone([finding], null),
    runnableOnClone([finding], { ...following(sourceContract()), target: null }),
  ]).toEqual([[finding], [finding]]);
});
