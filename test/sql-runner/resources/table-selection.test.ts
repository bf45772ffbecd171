import { table } from '../support/tables';
import { missingFromSelection, sameTables, selectTables } from '../../../sql-runner/resources/table-selection';

const name = (schema: string, other: string) => ({ schema, name: other });
const TABLES = [
  table('b', { schema: 'public' }),
  table('a', { schema: 'public' }),
  table('c', { schema: 'audit' }),
  table('a', { schema: 'audit' }),
  table('log', { schema: 'audit', persistence: 'unlogged' }),
];
const names = (selection: Parameters<typeof selectTables>[0]) =>
  selectTables(selection, TABLES).map((chosen) => `${chosen.schema}.${chosen.name}`);

test('tables are selected by schema and by name, unlogged ones never, in the order of their names', () => {
  expect(names({ kind: 'all' })).toEqual(['audit.a', 'audit.c', 'public.a', 'public.b']);
  expect(names({ kind: 'schemas', schemas: ['public'] })).toEqual(['public.a', 'public.b']);
  expect(names({ kind: 'tables', tables: [name('audit', 'c'), name('public', 'a')] })).toEqual(['audit.c', 'public.a']);
  expect(names({ kind: 'tables', tables: [] })).toEqual([]);
});

test('what is named and not there is told, what is there is not', () => {
  expect(missingFromSelection({ kind: 'all' }, [])).toEqual([]);
  expect(missingFromSelection({ kind: 'schemas', schemas: ['public', 'audit'] }, TABLES)).toEqual([]);
  expect(missingFromSelection({ kind: 'schemas', schemas: ['public', 'books'] }, TABLES)).toEqual([
    'table in schema books',
  ]);
  const tables = [name('public', 'a'), name('public', 'c')];
  expect(missingFromSelection({ kind: 'tables', tables }, TABLES)).toEqual(['table public.c']);
});

test('two lists are the same tables in any order, and no more and no fewer', () => {
  const [a, b, c] = [name('s', 'a'), name('s', 'b'), name('s', 'c')];
  expect(sameTables([a, b], [b, a])).toBe(true);
  expect(sameTables([a, b], [a, c])).toBe(false);
  expect(sameTables([a], [a, b])).toBe(false);
  expect(sameTables([a, b], [a])).toBe(false);
});
