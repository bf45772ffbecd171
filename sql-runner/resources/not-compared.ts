import type { TableName } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import type { TableVerdict } from '../verify/types';
import { someOf } from './some-of';
import { tableIndex } from '../model/table-index';
import { displayTable } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import type { VerifyScope } from './verify-scope';

/**
 * Whatever of a database keeps rows and no stream replicates, as phrases that
 * count and name it: who reads "equal" must not take it for compared.
 * @param tables every table of the database on the source
 * @param scopes of all streams of the database
 */
export function tablesNotCompared(tables: readonly CatalogTable[], scopes: readonly VerifyScope[]): string[] {
  const tree = new TableTree(tables);
  const compared = tableIndex(scopes.flatMap((scope) => scope.tables));
  const gone = scopes.flatMap(({ noLongerFollowed }) => noLongerFollowed);
  const told = tableIndex([...scopes.flatMap((scope) => [...scope.notReplicated, ...scope.newTables]), ...gone]);
  const rows = tables.filter(({ kind }) => kind !== 'root');
  const left = rows.filter((table) => !upwards(tree, table).some((one) => compared.has(one) || told.has(one)));
  const isForeign = ({ kind }: CatalogTable): boolean => kind === 'foreign';
  const isUnlogged = (table: CatalogTable): boolean => !isForeign(table) && table.persistence === 'unlogged';
  const others = left.filter((table) => !isForeign(table) && !isUnlogged(table));
  const within = rows.filter((table) => isUnlogged(table) && upwards(tree, table).some((one) => compared.has(one)));
  return [
    ...counted(left.filter(isUnlogged), 'unlogged'),
    ...counted(left.filter(isForeign), 'foreign'),
    ...counted(
      others.filter(({ extension }) => extension !== null),
      'of an extension',
    ),
    ...counted(
      others.filter(({ extension }) => extension === null),
      'in no stream',
    ),
    ...gone.flatMap((table) => counted([table], table.since)),
    // These were read along with their table, and the clone never gets a row of them.
    ...counted(within, 'unlogged in a table that was compared, and not replicated'),
  ];
}

/** The clone may keep values of its own beside those that it gets. */
export function columnsNotCompared(verdicts: readonly TableVerdict[]): string[] {
  const columns = verdicts.flatMap((table) =>
    (table.onlyOnTarget ?? []).map((column) => `${displayTable(table)}.${column}`),
  );
  if (columns.length === 0) return [];
  return [`${columns.length} column${columns.length === 1 ? '' : 's'} that only the clone has: ${someOf(columns)}`];
}

/** Of tables of which a stream carries a part: what the comparison, and the clone, leaves out. */
export function partsNotCompared(verdicts: readonly TableVerdict[]): string[] {
  const of = (has: (part: NonNullable<TableVerdict['part']>) => boolean, what: string): string[] => {
    const tables = verdicts.filter(({ part }) => part !== undefined && has(part));
    return tables.length === 0 ? [] : [`${what}: ${someOf(tables.map(displayTable))}`];
  };
  return [
    ...of(({ where }) => where !== undefined, 'rows outside of row filters'),
    ...of(({ columns }) => columns !== undefined, 'columns that are not listed'),
  ];
}

/** The table and the partitioned tables above it. */
function upwards(tree: TableTree, table: CatalogTable): CatalogTable[] {
  const parent = table.partition ? tree.find(table.parents[0]!) : undefined;
  return parent === undefined ? [table] : [table, ...upwards(tree, parent)];
}

/** `2 tables unlogged: public.a, public.b`; nothing for none. */
export function counted(tables: readonly TableName[], what: string, noun = 'table'): string[] {
  if (tables.length === 0) return [];
  return [
    `${tables.length} ${noun}${tables.length === 1 ? '' : 's'} ${what}`.trimEnd() +
      `: ${someOf(tables.map(displayTable))}`,
  ];
}
