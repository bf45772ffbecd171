import type { NamedColumn, NamedTable } from '../postgres/catalog/named-tables';
import type { RenamedColumn, RenameFacts } from '../model/renames';
import type { TableName } from '../model/observation';
import { sameTable } from '../model/table-selection';
import type { RenamedColumnNote } from '../model/table-notes';

/** What is to be known of names beside the two tables. */
export interface Names {
  /** Of relations and types of the clone. */
  readonly takenHere: readonly TableName[];
  /** Of tables of the source. */
  readonly tablesThere: readonly TableName[];
  readonly schemasHere: readonly string[];
  /** Columns of the clone that we renamed before. */
  readonly noted: readonly RenamedColumnNote[];
}

/**
 * What of a table of the clone has another name on the source, where it is certain that it is the same table, and where
 * nothing but a stop can come of the wrong name at the wrong time: a worker finds tables and columns by their names. As
 * long as no other table or column has one of the names, on either side, it ends at the first change whose names the
 * clone has not, and nothing of that is applied. null: it is not certain, or there is another one of the name.
 */
export function renameOf(there: NamedTable, here: NamedTable, names: Names): RenameFacts | null {
  // The number and the transaction that made it: both sides count on from where the clone was taken.
  if (there.oid !== here.oid || there.made !== here.made || here.later) return null;
  const moved = sameTable(there, here) ? [] : wayThrough(there, here);
  if (moved.some((name) => names.takenHere.some((one) => sameTable(one, name)))) return null;
  if (moved.length > 0 && names.tablesThere.some((one) => sameTable(one, here))) return null;
  if (!names.schemasHere.includes(there.schema)) return null;
  const columns = renamedColumns(there, here, names.noted);
  if (columns === null || (columns.length === 0 && moved.length === 0)) return null;
  return { oid: there.oid, there: named(there), here: named(here), columns };
}

const named = ({ schema, name }: TableName): TableName => ({ schema, name });

/** The names that the clone's table has in turn; see nameStatements(). */
export function wayThrough(there: TableName, here: TableName): TableName[] {
  const between = { schema: there.schema, name: here.name };
  const both = there.schema !== here.schema && there.name !== here.name;
  return both ? [between, named(there)] : [named(there)];
}

/** null: they cannot be told apart for certain. */
function renamedColumns(
  there: NamedTable,
  here: NamedTable,
  noted: readonly RenamedColumnNote[],
): RenamedColumn[] | null {
  const pairs = there.columns.flatMap((to) => {
    const from = here.columns.find(({ number }) => number === to.number);
    return from === undefined || from.name === to.name ? [] : [{ from, to }];
  });
  if (pairs.length === 0) return [];
  const has = ({ columns }: NamedTable, name: string) => columns.some((column) => column.name === name);
  const isCertain = ({ from, to }: (typeof pairs)[number]) =>
    from.type === to.type && !has(here, to.name) && !has(there, from.name) && cameWithClone(from, here, noted);
  // What a partition has of its table is sent under the number of the partition.
  if (!there.alone || !here.alone || !pairs.every(isCertain)) return null;
  return pairs.map(({ from, to }) => ({ from: from.name, to: to.name }));
}

/** Numbers are given in their order: what is before one that came with the clone came as well, however often it was altered. */
function cameWithClone(
  column: NamedColumn,
  { oid, columns }: NamedTable,
  noted: readonly RenamedColumnNote[],
): boolean {
  const isNoted = ({ number, xmin }: NamedColumn) =>
    noted.some((one) => one.oid === oid && one.number === number && one.xmin === xmin);
  return columns.some((one) => one.number >= column.number && (!one.written || isNoted(one)));
}
