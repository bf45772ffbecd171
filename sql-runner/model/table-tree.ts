import type { TableFacts, TableName } from './observation';
import { tableIndex, tableKey } from './table-index';

/** The tables of a database by name and by what they are partitions or children of. */
export class TableTree {
  private readonly below = new Map<string, TableFacts[]>();

  constructor(readonly tables: readonly TableFacts[]) {
    for (const table of tables) {
      for (const parent of table.parents) {
        const siblings = this.below.get(tableKey(parent));
        if (siblings === undefined) this.below.set(tableKey(parent), [table]);
        else siblings.push(table);
      }
    }
  }

  find(name: TableName): TableFacts | undefined {
    return tableIndex(this.tables).get(name);
  }

  /** What is right below: partitions of a partitioned table, inheritance children of another one. */
  children(table: TableName): readonly TableFacts[] {
    return this.below.get(tableKey(table)) ?? [];
  }

  /** Where the rows of a table are: itself, or every partition at the bottom of a partitioned one. */
  leaves(table: TableFacts): readonly TableFacts[] {
    return table.kind === 'root' ? this.children(table).flatMap((child) => this.leaves(child)) : [table];
  }

  /** The table and all that inherits from it, at any depth; partitions belong to their root and are not named. */
  withHeirs(table: TableFacts): readonly TableFacts[] {
    if (table.kind === 'root') return [table];
    return [table, ...this.children(table).flatMap((child) => this.withHeirs(child))];
  }

  /** The top of the partitioned table that it is a part of; itself where it is none. */
  top(table: TableFacts): TableFacts {
    const parent = table.partition ? this.find(table.parents[0]!) : undefined;
    return parent === undefined ? table : this.top(parent);
  }
}
