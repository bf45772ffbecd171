import type { TableName } from './observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { tableIndex, tableKey } from './table-index';

/** The tables of a database by name and by what they are partitions or children of. */
export class TableTree {
  private readonly below = new Map<string, CatalogTable[]>();

  constructor(readonly tables: readonly CatalogTable[]) {
    for (const table of tables) {
      for (const parent of table.parents) {
        const siblings = this.below.get(tableKey(parent));
        if (siblings === undefined) this.below.set(tableKey(parent), [table]);
        else siblings.push(table);
      }
    }
  }

  find(name: TableName): CatalogTable | undefined {
    return tableIndex(this.tables).get(name);
  }

  /** What is right below: partitions of a partitioned table, inheritance children of another one. */
  children(table: TableName): readonly CatalogTable[] {
    return this.below.get(tableKey(table)) ?? [];
  }

  /** Where the rows of a table are: itself, or every partition at the bottom of a partitioned one. */
  leaves(table: CatalogTable): readonly CatalogTable[] {
    return table.kind === 'root' ? this.children(table).flatMap((child) => this.leaves(child)) : [table];
  }

  /** All partitions of it at any depth, each after the one that it is a part of. */
  partsOf(table: CatalogTable): readonly CatalogTable[] {
    if (table.kind !== 'root') return [];
    return this.children(table).flatMap((child) => [child, ...this.partsOf(child)]);
  }

  /** The table and all that inherits from it, at any depth; partitions belong to their root and are not named. */
  withHeirs(table: CatalogTable): readonly CatalogTable[] {
    if (table.kind === 'root') return [table];
    return [table, ...this.children(table).flatMap((child) => this.withHeirs(child))];
  }

  /** The top of the partitioned table that it is a part of; itself where it is none. */
  top(table: CatalogTable): CatalogTable {
    const parent = table.partition ? this.find(table.parents[0]!) : undefined;
    return parent === undefined ? table : this.top(parent);
  }
}
