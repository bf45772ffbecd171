import type { ColumnShape, TableShape, UniqueIndex } from '../postgres/catalog/table-shapes';
import type { ShapePair } from '../model/survey';

export const columnOf = (table: TableShape, name: string): ColumnShape | undefined =>
  table.columns.find((column) => column.name === name);

interface Rename {
  readonly from: ColumnShape;
  readonly to: ColumnShape;
}

/** Columns of the clone that production has under another name now: numbers stay, and are given only once. */
export function renamedColumns(pair: ShapePair): Rename[] {
  const { there, here, same } = pair;
  if (!same) return soleRename(pair);
  return there.columns.flatMap((to) => {
    const from = here.columns.find(({ number }) => number === to.number);
    if (from === undefined || columnOf(here, to.name) !== undefined || columnOf(there, from.name) !== undefined)
      return [];
    return [{ from, to }];
  });
}

/**
 * A table that was made on the clone later had the same names when its rows were copied, in whatever order. While neither
 * side has dropped a column since, one name that each side has alone can only be that of the same column.
 */
function soleRename({ there, here }: ShapePair): Rename[] {
  if (there.dropped.length > 0 || here.dropped.length > 0 || there.columns.length !== here.columns.length) return [];
  const [to, ...more] = there.columns.filter(({ name }) => columnOf(here, name) === undefined);
  const from = here.columns.find(({ name }) => columnOf(there, name) === undefined);
  return to === undefined || from?.type !== to.type || more.length > 0 ? [] : [{ from, to }];
}

/** Whether the clone's column is the one that production renamed, or one that was made on the clone later. */
export const isInherited = (column: ColumnShape): boolean => column.cameWithClone !== false;

/**
 * A column of another name or type changes the words of each check, index and
 * generated column that has it, although they mean the same: names must do then.
 */
export const isReworded = (pair: ShapePair): boolean =>
  renamedColumns(pair).length > 0 ||
  pair.there.columns.some(({ name, type }) => (columnOf(pair.here, name)?.type ?? type) !== type);

/** Columns that production has and the clone has not, under whatever name. */
export function lackingColumns(pair: ShapePair): ColumnShape[] {
  const renamed = renamedColumns(pair);
  return pair.there.columns.filter(
    (column) => columnOf(pair.here, column.name) === undefined && !renamed.some(({ to }) => to === column),
  );
}

/** Columns that only the clone has and fills itself, under whatever name. */
export function extraColumns(pair: ShapePair): ColumnShape[] {
  const renamed = renamedColumns(pair);
  return pair.here.columns.filter(
    (column) =>
      column.generated === '' &&
      columnOf(pair.there, column.name) === undefined &&
      !renamed.some(({ from }) => from === column),
  );
}

/** The clone brought the column along, and production has dropped it since. */
export const isDroppedThere = ({ there, same }: ShapePair, column: ColumnShape): boolean =>
  same && isInherited(column) && there.dropped.includes(column.number);

/** By which columns the server identifies rows that it publishes; null: by none. */
export function identityOf(table: TableShape): readonly string[] | 'full' | null {
  if (table.identity === 'f') return 'full';
  if (table.identity === 'n') return null;
  return (table.identity === 'i' ? chosen(table) : primary(table))?.columns ?? null;
}

/**
 * By which index the apply worker finds a row: the chosen one, else the primary
 * key, whatever else the table is set to (GetRelationIdentityOrPK in logical/relation.c).
 */
export function lookupIndex(table: TableShape): UniqueIndex | undefined {
  return (table.identity === 'i' ? chosen(table) : undefined) ?? primary(table);
}

/** The apply worker finds rows by comparing all of their columns. */
export const isFoundByFullRow = ({ there, here }: ShapePair): boolean =>
  identityOf(there) === 'full' && lookupIndex(here) === undefined;

export const primary = ({ indexes }: TableShape): UniqueIndex | undefined =>
  indexes.find((index) => index.primary && index.valid && index.immediate);
const chosen = ({ indexes }: TableShape): UniqueIndex | undefined =>
  indexes.find((index) => index.replicaIdentity && index.valid && index.immediate);

export const sameColumns = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

/**
 * What was found of a partition and not of a table above it, which has it to give or to take.
 * @param find what differs in a pair, with a key that is the same above and below
 */
export function ownDifferences<T extends { readonly key: string }>(
  pair: ShapePair,
  find: (pair: ShapePair) => readonly T[],
): T[] {
  const above = new Set<string>();
  for (let next = pair.parent; next !== null; next = next.parent) for (const { key } of find(next)) above.add(key);
  return find(pair).filter(({ key }) => !above.has(key));
}
