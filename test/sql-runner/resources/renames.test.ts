import type { NamedColumn, NamedTable } from '../../../sql-runner/postgres/catalog/named-tables';
import { nameStatements } from '../../../sql-runner/resources/rename-statements';
import { renameOf, wayThrough, type Names } from '../../../sql-runner/resources/renames';

const column = (number: number, name: string, more: Partial<NamedColumn> = {}): NamedColumn => ({
  number,
  name,
  type: 'integer',
  written: false,
  xmin: '700',
  ...more,
});
const table = (name: string, more: Partial<NamedTable> = {}): NamedTable => ({
  oid: 16_400,
  schema: 'public',
  name,
  made: '700',
  later: false,
  alone: true,
  columns: [column(1, 'id'), column(2, 'note')],
  ...more,
});
const names = (more: Partial<Names> = {}): Names => ({
  takenHere: [],
  tablesThere: [{ schema: 'public', name: 'b' }],
  schemasHere: ['public', 'other'],
  noted: [],
  ...more,
});
const [a, b] = [table('a'), table('b')];
const noteIs = (name: string, more: Partial<NamedColumn> = {}, of: Partial<NamedTable> = {}) =>
  table('a', { columns: [column(1, 'id'), column(2, name, more)], ...of });

test('a table, a schema and a column that have other names on the source', () => {
  expect(renameOf(b, a, names())).toEqual({
    oid: 16_400,
    there: { schema: 'public', name: 'b' },
    here: { schema: 'public', name: 'a' },
    columns: [],
  });
  expect(renameOf(table('a', { schema: 'other' }), a, names())).toMatchObject({
    there: { schema: 'other', name: 'a' },
  });
  expect(renameOf(noteIs('why'), a, names())).toMatchObject({ columns: [{ from: 'note', to: 'why' }] });
  expect(renameOf(a, a, names())).toBeNull();
});

const twice = { columns: [column(1, 'note'), column(2, 'id')] };
const chain = { columns: [column(1, 'note'), column(2, 'last')] };

test.each<[string, NamedTable, NamedTable, Partial<Names>]>([
  ['another transaction made it', table('b', { made: '701' }), a, {}],
  ['it was made on the clone since', b, table('a', { later: true }), {}],
  ['something on the clone has its new name', b, a, { takenHere: [{ schema: 'public', name: 'b' }] }],
  ['another table of the source has its old one', b, a, { tablesThere: [{ schema: 'public', name: 'a' }] }],
  ['the clone lacks its schema', table('a', { schema: 'third' }), a, {}],
  [
    'something has the name that it would have in between',
    table('b', { schema: 'other' }),
    a,
    { takenHere: [{ schema: 'other', name: 'a' }] },
  ],
  ['two columns have exchanged their names', table('a', twice), a, {}],
  ['one column has the name that another one had', table('a', chain), a, {}],
  ['the column has another type', noteIs('why', { type: 'text' }), a, {}],
  ['the column was made on the clone, or altered', noteIs('why'), noteIs('note', { written: true }), {}],
  ['the column was altered since we renamed it', noteIs('why'), noteIs('note', { written: true }), noted('701')],
  ['it has partitions', noteIs('why', {}, { alone: false }), a, {}],
  ['another column of it is in doubt', table('b', twice), a, {}],
])('where %s nothing is renamed', (_, there, here, more) => {
  expect(renameOf(there, here, names(more))).toBeNull();
});

function noted(xmin: string): Partial<Names> {
  return { noted: [{ oid: 16_400, number: 2, xmin }] };
}

test('a column that we renamed before, or that one came after which came with the clone, is no column of the clone', () => {
  const here = noteIs('note', { written: true });
  expect(renameOf(noteIs('why'), here, names(noted('700')))).toMatchObject({ columns: [{ to: 'why' }] });
  const columns = (second: string) => [column(1, 'id'), column(2, second, { written: true }), column(3, 'last')];
  expect(
    renameOf(table('a', { columns: columns('why') }), table('a', { columns: columns('note') }), names()),
  ).toMatchObject({ columns: [{ to: 'why' }] });
});

test('the names that a table has in turn are those of its statements', () => {
  const there = { schema: 'other', name: 'b' };
  expect(nameStatements(a, there)).toEqual([
    'ALTER TABLE "public"."a" SET SCHEMA "other"',
    'ALTER TABLE "other"."a" RENAME TO "b"',
  ]);
  expect(wayThrough(there, a)).toEqual([{ schema: 'other', name: 'a' }, there]);
});
