import { after, leaf, use, type Edit } from './provocations';

/** Whose rights are lacking, on what, and whether rows or only a TRUNCATE stop at them; in live-worker.test.ts too. */
const lacking = { ...leaf, owner: 'app', ownerLacks: ['INSERT'], loginLacks: [] as string[] };
const ELSEWHERE = { schema: 'public', rootSchema: 'public', rootName: 'elsewhere' };
const told = (...rights: object[]) => {
  const change: Edit = ({ target }) => target.databases.shop!.lackingRights.push(...(rights as (typeof lacking)[]));
  return after(change).map(({ severity, seen, next }) => ({ severity, seen, next }));
};
const IN = 'in database shop on the clone';

test('on what is not replicated nobody needs rights', () => {
  expect(told({ ...lacking, ...ELSEWHERE, name: 'elsewhere' })).toEqual([]);
  const denied: Edit = ({ target }) => {
    target.databases.shop!.deniedFunctions.push({ ...use, ...ELSEWHERE, table: 'elsewhere' });
  };
  expect(after(denied)).toEqual([]);
});

test('only who lacks something is named, with what', () => {
  expect(told({ ...lacking, ownerLacks: ['INSERT', 'UPDATE'] })).toEqual([
    {
      severity: 'block',
      seen: `${IN} app has no INSERT, UPDATE on parts.orders_1`,
      next: `${IN}: GRANT INSERT, UPDATE ON "parts"."orders_1" TO "app";`,
    },
  ]);
  expect(told({ ...lacking, loginLacks: ['TRUNCATE'] })[0]).toMatchObject({
    severity: 'block',
    seen: `${IN} app has no INSERT, and master has no TRUNCATE on parts.orders_1`,
  });
});

test('a right to empty the table beside one to write rows is no lesser matter', () => {
  expect(told({ ...lacking, ownerLacks: ['INSERT', 'TRUNCATE'] })[0]!.severity).toBe('block');
  expect(told({ ...lacking, ownerLacks: ['TRUNCATE'] })[0]!.severity).toBe('warn');
});

test.each([
  ['owner', { owner: 'others' }],
  ['right of its owner', { ownerLacks: ['UPDATE'] }],
  ['right of the login', { loginLacks: ['TRUNCATE'] }],
])('tables are told together, unless they differ in the %s', (_, other) => {
  const second = { ...lacking, name: 'orders_2' };
  expect(told(lacking, second).map(({ seen }) => seen)).toEqual([
    `${IN} app has no INSERT on parts.orders_1, parts.orders_2`,
  ]);
  expect(told(lacking, { ...second, ...other })).toHaveLength(2);
});
