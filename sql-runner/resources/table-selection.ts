import type { Selection } from '../../stacks/contract';
import type { TableFacts, TableName } from '../engine/observation';

/**
 * Which tables of a database a stream replicates. "All tables" and schemas are
 * resolved to a list here rather than left to FOR ALL TABLES / FOR TABLES IN
 * SCHEMA: a table made later on the source does not exist on the clone, and a
 * change to it would stop the apply worker. The list also needs no superuser.
 */
export function selectTables(selection: Selection, tables: readonly TableFacts[]): readonly TableFacts[] {
  return sortTables(tables.filter((table) => table.persistence === 'permanent' && isSelected(selection, table)));
}

export function isSelected(selection: Selection, table: TableName): boolean {
  switch (selection.kind) {
    case 'all':
      return true;
    case 'schemas':
      return selection.schemas.includes(table.schema);
    case 'tables':
      return selection.tables.some((wanted) => sameTable(wanted, table));
  }
}

/** What the environment names and the database does not have: tables, and any table in a schema, which may exist. */
export function missingFromSelection(selection: Selection, tables: readonly TableFacts[]): string[] {
  switch (selection.kind) {
    case 'all':
      return [];
    case 'schemas':
      return selection.schemas
        .filter((schema) => !tables.some((table) => table.schema === schema))
        .map((schema) => `table in schema ${schema}`);
    case 'tables':
      return selection.tables
        .filter((wanted) => !tables.some((table) => sameTable(wanted, table)))
        .map((wanted) => `table ${displayTable(wanted)}`);
  }
}

export function sameTable(a: TableName, b: TableName): boolean {
  return a.schema === b.schema && a.name === b.name;
}

export function displayTable(table: TableName): string {
  return `${table.schema}.${table.name}`;
}

function sortTables<T extends TableName>(tables: readonly T[]): T[] {
  const key = (table: TableName) => JSON.stringify([table.schema, table.name]);
  return [...tables].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** True when both hold the same tables, in any order. */
export function sameTables(a: readonly TableName[], b: readonly TableName[]): boolean {
  return a.length === b.length && a.every((table) => b.some((other) => sameTable(other, table)));
}
