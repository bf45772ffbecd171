import type { PublicationFacts, TableFacts } from '../engine/observation';
import { tableKey } from './table-index';
import type { TableTree } from './table-tree';

/** A table that keeps rows and is published; what is foreign or unlogged the server lists, and sends nothing of. */
export interface Published {
  readonly table: TableFacts;
  /** Its part of the publication leaves out what identifies its rows. */
  readonly uncovered: boolean;
}

/**
 * What a publication publishes, as the server has it: partitions of named
 * tables and schemas at any depth, wherever they are; inheritance children only
 * where they are named themselves (publicationcmds.c expands FOR TABLE once,
 * when it is said, and a child that joins later is not added).
 */
export function publishedBy(publication: PublicationFacts, tree: TableTree): Published[] {
  const found = new Map<string, Published>();
  const add = (table: TableFacts, uncovered: boolean) => {
    for (const leaf of tree.leaves(table)) found.set(tableKey(leaf), { table: leaf, uncovered });
  };
  // FOR ALL TABLES and schemas leave out whole rows and columns of nothing, and what is not in WAL.
  if (publication.allTables) for (const table of tree.tables) if (isPublishable(table)) add(table, false);
  const schemas = new Set(publication.schemas);
  for (const table of tree.tables) if (schemas.has(table.schema) && isPublishable(table)) add(table, false);
  for (const named of publication.tables) {
    const table = tree.find(named);
    if (table !== undefined) add(table, named.uncovered === true);
  }
  return [...found.values()];
}

/** As is_publishable_class in pg_publication.c. */
const isPublishable = ({ kind, persistence }: TableFacts): boolean => kind !== 'foreign' && persistence === 'permanent';

/** Of which changes are sent: those that keep rows here, in WAL. */
export const sendsRows = ({ kind, persistence }: TableFacts): boolean =>
  kind === 'table' && persistence === 'permanent';
