import type { Selection } from '../../contract/contract';
import { tableMatcher } from '../../contract/table-pattern';
import type { TableName } from './observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { displayQualified } from '../postgres/text/quoting';
import { tableIndex, tableKey } from './table-index';
import { TableTree } from './table-tree';

/**
 * Which tables of a database a stream publishes, as its publication names them.
 * "All tables" and schemas are resolved to a list here rather than left to FOR
 * ALL TABLES / FOR TABLES IN SCHEMA: a table made later on the source does not
 * exist on the clone, and a change to it would stop the apply worker. The list
 * also needs no superuser.
 *
 * - Who names a table means its rows, those of tables that inherit from it too:
 *   each is named, with ONLY, so that what was reviewed is what is published.
 * - A partitioned table is named as such, and later partitions come along. One
 *   with a foreign partition is named by its other parts: the server would list
 *   the foreign one as well, and then no subscription can be made
 *   (CheckSubscriptionRelkind).
 * - What belongs to an extension comes with the extension, and is taken only by name.
 * - What is excluded is named by nothing: a partitioned table with an excluded part is named by its other parts.
 */
export function selectTables(selection: Selection, tables: readonly CatalogTable[]): readonly CatalogTable[] {
  const tree = new TableTree(tables);
  const named = chosenBy(selection, tree).flatMap((table) => publishable(tree, table, isExcludedBy(selection)));
  const once = [...new Map(named.map((table) => [tableKey(table), table])).values()];
  const roots = new Set(once.filter((table) => table.kind === 'root').map(tableKey));
  return sortTables(once.filter((table) => !isBelow(tree, table, roots)));
}

/** Where the rows are of all that is selected, whether they can be published or not. */
export function selectedLeaves(selection: Selection, tree: TableTree): readonly CatalogTable[] {
  const isExcluded = isExcludedBy(selection);
  const leaves = chosenBy(selection, tree).flatMap((table) => leavesWithout(tree, table, isExcluded));
  return [...new Map(leaves.map((table) => [tableKey(table), table])).values()];
}

function chosenBy(selection: Selection, tree: TableTree): readonly CatalogTable[] {
  const chosen = tree.tables.filter((table) => isChosen(selection, table));
  const isExcluded = isExcludedBy(selection);
  return chosen.flatMap((table) => [table, ...heirs(tree, table)]).filter((table) => !isExcluded(table));
}

type Excluded = (table: TableName) => boolean;

/** By selection: the patterns are read once, and then asked of every table. */
const readOnce = new WeakMap<Selection, Excluded>();

function isExcludedBy(selection: Selection): Excluded {
  const known = readOnce.get(selection);
  if (known !== undefined) return known;
  const made = tableMatcher(selection.exclude ?? []);
  readOnce.set(selection, made);
  return made;
}

/** Patterns of it that mean no table of the database. */
export const excludingNothing = (selection: Selection, tables: readonly TableName[]): string[] =>
  (selection.exclude ?? []).filter((pattern) => !tables.some(tableMatcher([pattern])));

function leavesWithout(tree: TableTree, table: CatalogTable, isExcluded: Excluded): readonly CatalogTable[] {
  if (isExcluded(table)) return [];
  return table.kind === 'root'
    ? tree.children(table).flatMap((child) => leavesWithout(tree, child, isExcluded))
    : [table];
}

function isChosen(selection: Selection, table: CatalogTable): boolean {
  if (selection.kind === 'tables') return isSelected(selection, table);
  return !table.partition && table.extension === null && isSelected(selection, table);
}

const heirs = (tree: TableTree, table: CatalogTable): readonly CatalogTable[] =>
  tree.withHeirs(table).filter((heir) => heir !== table && heir.extension === null);

/** What can be named in a publication, and leads to no table that a subscription refuses. */
function publishable(tree: TableTree, table: CatalogTable, isExcluded: Excluded): readonly CatalogTable[] {
  if (isExcluded(table)) return [];
  if (table.kind === 'table') return table.persistence === 'permanent' ? [table] : [];
  if (table.kind === 'foreign') return [];
  const whole =
    table.persistence === 'permanent' &&
    tree.leaves(table).every(({ kind }) => kind !== 'foreign') &&
    !hasPart(tree, table, isExcluded);
  return whole ? [table] : tree.children(table).flatMap((child) => publishable(tree, child, isExcluded));
}

/** One without partitions of its own counts too: those that it gets later would come along. */
const hasPart = (tree: TableTree, table: CatalogTable, isExcluded: Excluded): boolean =>
  tree.children(table).some((child) => isExcluded(child) || hasPart(tree, child, isExcluded));

function isBelow(tree: TableTree, table: CatalogTable, roots: ReadonlySet<string>): boolean {
  const parent = table.partition ? tree.find(table.parents[0]!) : undefined;
  return parent !== undefined && (roots.has(tableKey(parent)) || isBelow(tree, parent, roots));
}

/** By name alone: what hangs on a selected table is not asked. */
export function isSelected(selection: Selection, table: TableName): boolean {
  if (isExcludedBy(selection)(table)) return false;
  switch (selection.kind) {
    case 'all':
      return true;
    case 'schemas':
      return selection.schemas.includes(table.schema);
    case 'tables':
      return tableIndex(selection.tables).has(table);
  }
}

/** What the environment names and the database does not have: tables, and any table in a schema, which may exist. */
export function missingFromSelection(selection: Selection, tables: readonly CatalogTable[]): string[] {
  switch (selection.kind) {
    case 'all':
      return [];
    case 'schemas':
      return selection.schemas
        .filter((schema) => !tables.some((table) => table.schema === schema))
        .map((schema) => `table in schema ${schema}`);
    case 'tables':
      return selection.tables
        .filter((wanted) => !tableIndex(tables).has(wanted))
        .map((wanted) => `table ${displayTable(wanted)}`);
  }
}

export function sameTable(a: TableName, b: TableName): boolean {
  return a.schema === b.schema && a.name === b.name;
}

/** As sentences name it; an environment file takes the bare names. */
export const displayTable = (table: TableName): string => displayQualified(table);

function sortTables<T extends TableName>(tables: readonly T[]): T[] {
  const keyed = tables.map((table) => ({ table, key: JSON.stringify([table.schema, table.name]) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ table }) => table);
}

/** True when both hold the same tables, in any order. */
export function sameTables(a: readonly TableName[], b: readonly TableName[]): boolean {
  return a.length === b.length && a.every((table) => tableIndex(b).has(table));
}
