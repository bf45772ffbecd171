import type { TableName } from './observation';

/** Tables by name: to look one up costs the same however many there are. */
export interface TableIndex<T extends TableName> {
  has(table: TableName): boolean;
  get(table: TableName): T | undefined;
}

/** By the list itself, which is made once and then asked for each table of another list. */
const made = new WeakMap<readonly TableName[], { readonly length: number; readonly index: TableIndex<TableName> }>();

/** The index of a list, made on first use. Of two entries of one name it has the first, as find() would. */
export function tableIndex<T extends TableName>(tables: readonly T[]): TableIndex<T> {
  const known = made.get(tables);
  // A list that has grown since is another one; entries are not exchanged, they are facts.
  if (known !== undefined && known.length === tables.length) return known.index as TableIndex<T>;
  const byName = new Map<string, T>();
  for (const table of tables) {
    const key = tableKey(table);
    if (!byName.has(key)) byName.set(key, table);
  }
  const index = {
    has: (table: TableName) => byName.has(tableKey(table)),
    get: (table: TableName) => byName.get(tableKey(table)),
  };
  made.set(tables, { length: tables.length, index });
  return index;
}

/** Equal for equal names; no name contains NUL. */
export function tableKey({ schema, name }: TableName): string {
  return `${schema}\0${name}`;
}
