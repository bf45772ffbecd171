import { partition, table } from '../support/tables';
import { tableIndex } from '../../../sql-runner/model/table-index';
import { TableTree } from '../../../sql-runner/model/table-tree';
import {
  excludingNothing,
  isSelected,
  missingFromSelection,
  sameTable,
  sameTables,
  selectedLeaves,
  selectTables,
} from '../../../sql-runner/model/table-selection';

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

const GIS = { name: 'gis', configured: false };
/** One of each shape that a name can stand for. */
const FOREST = [
  table('plain'),
  table('far', { kind: 'foreign' }),
  table('passing', { persistence: 'unlogged' }),
  table('under_far', { parents: [name('public', 'far')], extension: GIS }),
  table('under_passing', { parents: [name('public', 'passing')], extension: GIS }),
  table('of_extension', { extension: GIS }),
  table('base'),
  table('heir', { parents: [name('public', 'base')] }),
  table('heir_of_heir', { schema: 'other', parents: [name('public', 'heir')] }),
  table('heir_of_extension', { parents: [name('public', 'base')], extension: GIS }),
  table('days', { kind: 'root' }),
  partition('day', 'days'),
  partition('hours', 'days', { kind: 'root' }),
  table('hour', { schema: 'parts', partition: true, parents: [name('parts', 'hours')] }),
  table('mixed', { kind: 'root' }),
  partition('near', 'mixed'),
  partition('away', 'mixed', { kind: 'foreign' }),
  partition('inner', 'mixed', { kind: 'root' }),
  table('innermost', { schema: 'parts', partition: true, parents: [name('parts', 'inner')] }),
  table('fleeting', { kind: 'root', persistence: 'unlogged' }),
  partition('lasting', 'fleeting'),
];
const chosenOf = (...wanted: string[]) =>
  selectTables({ kind: 'tables', tables: wanted.map((one) => name(...(one.split('.') as [string, string]))) }, FOREST);

test.each([
  ['public.plain', ['public.plain']],
  ['public.far', []],
  ['public.passing', []],
  ['public.of_extension', ['public.of_extension']],
  ['public.heir_of_extension', ['public.heir_of_extension']],
  // With ONLY: each table that inherits is named itself.
  ['public.base', ['other.heir_of_heir', 'public.base', 'public.heir']],
  ['public.heir', ['other.heir_of_heir', 'public.heir']],
  ['public.days', ['public.days']],
  ['parts.hours', ['parts.hours']],
  ['parts.hour', ['parts.hour']],
  // The server would list the foreign part of a root as well.
  ['public.mixed', ['parts.inner', 'parts.near']],
  ['parts.away', []],
  ['public.fleeting', ['parts.lasting']],
])('naming %s publishes %j', (wanted, expected) => {
  expect(chosenOf(wanted).map((one) => `${one.schema}.${one.name}`)).toEqual(expected);
});

test('a table is named once, and no part of what is named', () => {
  expect(chosenOf('public.heir', 'public.base', 'public.heir')).toHaveLength(3);
  expect(chosenOf('parts.hour', 'parts.day', 'public.days').map((one) => one.name)).toEqual(['days']);
  expect(chosenOf('parts.hour', 'parts.hours', 'parts.day').map((one) => one.name)).toEqual(['day', 'hours']);
});

test('who names no table means what is no part of another, nor of an extension', () => {
  const all = [
    'parts.inner',
    'parts.lasting',
    'parts.near',
    'public.base',
    'public.days',
    'public.heir',
    'public.plain',
  ];
  const shown = (selection: Parameters<typeof selectTables>[0]) =>
    selectTables(selection, FOREST).map((one) => `${one.schema}.${one.name}`);
  expect(shown({ kind: 'all' })).toEqual(['other.heir_of_heir', ...all]);
  expect(shown({ kind: 'schemas', schemas: ['public'] })).toEqual(['other.heir_of_heir', ...all]);
  expect(shown({ kind: 'schemas', schemas: ['parts'] })).toEqual([]);
});

test.each<[string, string[], string[]]>([
  ['a table', ['public.plain'], ['other.heir_of_heir', 'public.base', 'public.days', 'public.heir']],
  ['what inherits', ['*.heir*'], ['public.base', 'public.days', 'public.plain']],
  ['what others inherit from', ['public.base'], ['other.heir_of_heir', 'public.days', 'public.heir', 'public.plain']],
  ['a partitioned table', ['public.days'], ['other.heir_of_heir', 'public.base', 'public.heir', 'public.plain']],
  // Its other parts are named: the server would send the excluded one along with the table.
  ['a partition', ['parts.day'], ['other.heir_of_heir', 'parts.hours', 'public.base', 'public.heir', 'public.plain']],
  ['one below', ['parts.hour'], ['other.heir_of_heir', 'parts.day', 'public.base', 'public.heir', 'public.plain']],
])('%s that is excluded is published by nothing', (_, exclude, expected) => {
  const own = FOREST.filter(
    (one) => !['mixed', 'fleeting', 'near', 'away', 'inner', 'innermost', 'lasting'].includes(one.name),
  );
  const found = selectTables({ kind: 'all', exclude }, own);
  expect(found.map((one) => `${one.schema}.${one.name}`)).toEqual(expected);
  const tree = new TableTree(own);
  const excluded = own.filter((one) => !isSelected({ kind: 'all', exclude }, one)).map((one) => one.name);
  expect(excluded.length).toBeGreaterThan(0);
  const sent = found.flatMap((one) => tree.leaves(one));
  expect(sent.filter((one) => excluded.includes(one.name))).toEqual([]);
  expect(selectedLeaves({ kind: 'all', exclude }, tree).filter((one) => excluded.includes(one.name))).toEqual([]);
});

test('a partitioned table that has no part but an excluded one is not named: later ones would come along', () => {
  const empty = [table('days', { kind: 'root' }), partition('hours', 'days', { kind: 'root' })];
  expect(selectTables({ kind: 'all', exclude: ['parts.hours'] }, empty)).toEqual([]);
  expect(selectTables({ kind: 'all', exclude: ['parts.others'] }, empty).map((one) => one.name)).toEqual(['days']);
});

test('a pattern that means no table is known', () => {
  const exclude = ['public.plain', 'public.plane', 'parts.*', 'part.*'];
  expect(excludingNothing({ kind: 'all', exclude }, FOREST)).toEqual(['public.plane', 'part.*']);
  expect(excludingNothing({ kind: 'all' }, FOREST)).toEqual([]);
});

test('what is selected lies in leaves: each once, whether it can be published or not', () => {
  const tree = new TableTree(FOREST);
  const leaves = (...tables: string[]) =>
    selectedLeaves({ kind: 'tables', tables: tables.map((one) => name('public', one)) }, tree).map((one) => one.name);
  expect(leaves('mixed')).toEqual(['near', 'away', 'innermost']);
  expect(leaves('heir', 'base')).toEqual(['base', 'heir', 'heir_of_heir']);
  expect(leaves('passing', 'far')).toEqual(['far', 'passing']);
});

test('a root stands for its parts, another table for itself and all that inherits from it', () => {
  const tree = new TableTree(FOREST);
  const heirs = (other: string) => tree.withHeirs(tree.find(name('public', other))!).map((one) => one.name);
  expect(heirs('days')).toEqual(['days']);
  expect(heirs('base')).toEqual(['base', 'heir', 'heir_of_heir', 'heir_of_extension']);
});

test('the top of a part is its root, of a table that inherits the table itself', () => {
  const tree = new TableTree(FOREST);
  const top = (schema: string, other: string) => tree.top(tree.find(name(schema, other))!).name;
  expect([top('parts', 'hour'), top('parts', 'day'), top('public', 'days')]).toEqual(['days', 'days', 'days']);
  expect([top('public', 'heir'), top('public', 'plain')]).toEqual(['heir', 'plain']);
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

test('a list is asked by schema and name, has the first of two of one name, and more once it has grown', () => {
  const list = [table('a', { owner: 'first' }), table('a', { owner: 'second' })];
  expect(tableIndex(list).get(name('public', 'a'))).toBe(list[0]);
  expect([tableIndex(list).has(name('audit', 'a')), tableIndex(list).has(name('public', 'b'))]).toEqual([false, false]);
  list.push(table('b'));
  expect(tableIndex(list).get(name('public', 'b'))).toBe(list[2]);
  const [one, ...others] = [name('s', 'a'), name('s', 'a'), name('s', 'b'), name('t', 'a')] as const;
  expect(others.map((other) => sameTable(one, other))).toEqual([true, false, false]);
});

test('two lists are the same tables in any order, and no more and no fewer', () => {
  const [a, b, c] = [name('s', 'a'), name('s', 'b'), name('s', 'c')];
  expect(sameTables([a, b], [b, a])).toBe(true);
  expect(sameTables([a, b], [a, c])).toBe(false);
  expect(sameTables([a], [a, b])).toBe(false);
  expect(sameTables([a, b], [a])).toBe(false);
});
