import { after, judged, use, type Edit } from './provocations';
import { differing, pairOf } from './shape-provocations';

/** Which uses of a function count, and what is said of it; that it stops the worker is shown in live-worker.test.ts. */
const LEAF = { schema: 'parts', name: 'orders_1' };
const judgedAs =
  (change: Partial<typeof judged> | object): Edit =>
  ({ target }) =>
    target.databases.shop!.functions.push({ ...judged, ...change });
const told = (...changes: Edit[]) =>
  after((world) => changes.forEach((change) => change(world))).filter(
    ({ code }) => code === 'FUNCTION_NEEDS_SEARCH_PATH',
  );
const FAILS = { trial: 'fails', error: 'function strip(text) does not exist' };
const ELSEWHERE = { ...use, schema: 'public', table: 'elsewhere', rootSchema: 'public', rootName: 'elsewhere' };
const DEFAULT = { ...use, kind: 'default', object: 'later' };
const columns = (...names: string[]): Edit => {
  const pair = pairOf(LEAF, LEAF);
  const [first] = pair.there.columns;
  return differing({ ...pair, there: { ...pair.there, columns: names.map((name) => ({ ...first!, name })) } });
};

test.each<[string, Edit[]]>([
  ['that nothing uses', [judgedAs({ ...FAILS, uses: [] })]],
  ['of a table that is not replicated', [judgedAs({ ...FAILS, uses: [ELSEWHERE] })]],
  ['of a default, where both sides define the table alike', [judgedAs({ ...FAILS, uses: [DEFAULT] })]],
  ['of a default of a column that the source sends', [columns('id', 'later'), judgedAs({ ...FAILS, uses: [DEFAULT] })]],
])('a function %s is no obstacle', (_, changes) => {
  expect(told(...changes)).toEqual([]);
});

test('where no function is used nothing at all is found', () => {
  expect(after(judgedAs({ ...FAILS, uses: [ELSEWHERE] }))).toEqual([]);
});

test('a default of a column that the source does not send is computed for each row', () => {
  expect(told(columns('id'), judgedAs({ ...FAILS, uses: [DEFAULT] }))).toMatchObject([
    { severity: 'block', seen: expect.stringContaining(', which default later of parts.orders_1 uses, fails') },
  ]);
});

test.each([
  [[use], 'which index orders_1_norm of parts.orders_1 uses'],
  [[ELSEWHERE, use], 'which index orders_1_norm of parts.orders_1 uses'],
  [[use, use, use], 'which index orders_1_norm of parts.orders_1 and 2 more uses'],
])('the first use is named, and how many more', (uses, words) => {
  expect(told(judgedAs({ ...FAILS, uses }))[0]!.seen).toBe(
    `in database shop on the clone public.norm(text), ${words}, fails with an empty search_path: function strip(text) does not exist`,
  );
});

test.each([
  ['passes', 'it worked for the rows that it was tried on'],
  ['untried', 'it was not tried'],
])('of a function whose text names others it is said that the trial: %s', (trial, words) => {
  const [finding] = told(judgedAs({ trial }));
  expect(finding).toMatchObject({ severity: 'warn', seen: expect.stringMatching(new RegExp(`; ${words}$`)) });
  expect(finding!.seen).toContain('names public.strip without the schema');
});
