import type { Selection } from '../../stacks/contract';
import type { TableFacts, TableName } from '../engine/observation';
import { tableIndex } from './table-index';

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
      return tableIndex(selection.tables).has(table);
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
        .filter((wanted) => !tableIndex(tables).has(wanted))
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
  const keyed = tables.map((table) => ({ table, key: JSON.stringify([table.schema, table.name]) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ table }) => table);
}

/** True when both hold the same tables, in any order. */
export function sameTables(a: readonly TableName[], b: readonly TableName[]): boolean {
  return a.length === b.length && a.every((table) => tableIndex(b).has(table));
}
