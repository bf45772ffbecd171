import { addColumn } from '../../../sql-runner/drift/added-column';
import { column, pairOf } from '../checks/shape-provocations';

/** What a column is added with: its type, the value of production's rows of before, and its default by now. */
function defaultOf(type: string, missing: string, expression: string): string {
  const added = column('a', { type, missing, expression });
  return addColumn(pairOf({ columns: [added] }, {}), added)!.replace(`ADD COLUMN "a" ${type} DEFAULT `, '');
}

test.each([
  ['character varying(5)', 'b', `'b'::character varying`],
  ['text', 'b', `'b'::character varying(15)`],
  ['numeric', '1.00', `'1.00'::numeric(15,12)`],
  ['timestamp without time zone', '2026-01-01 00:00:00', `'2026-01-01 00:00:00'::timestamp(3) without time zone`],
  ['bigint', '9007199254740993', '9007199254740993'],
])('a %s with value %s has the default %s', (type, missing, expression) => {
  expect(defaultOf(type, missing, expression)).toBe(expression);
});

test.each([
  ['text', 'b', `'b'::text || f('c')::character varying(5)`],
  ['text', 'b', `'b'::text || f('c')`],
  ['text', 'b', `'b'::character varying(5) || f('c')`],
  ['bigint', '9007199254740992', '9007199254740993'],
  ['text', 'CURRENT_USER', 'CURRENT_USER'],
  ['integer', '10', '1'],
])('a %s with value %s is not one whose default is %s by now', (type, missing, expression) => {
  expect(defaultOf(type, missing, expression)).toBe(`'${missing}'::${type}`);
});
