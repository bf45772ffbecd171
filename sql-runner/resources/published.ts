import type { PublicationFacts, TableFacts, TableName } from '../engine/observation';
import { tableKey } from './table-index';
import type { TableTree } from './table-tree';

/** A table that keeps rows and is published; what is foreign or unlogged the server lists, and sends nothing of. */
export interface Published {
  readonly table: TableFacts;
  /** Its part of the publication leaves out what identifies its rows. */
  readonly uncovered: boolean;
  /** That part has a column list. */
  readonly listed: boolean;
  /** The table by which the publication has it: itself, or the partitioned one above; null where it is not named. */
  readonly named: TableName | null;
}

/**
 * What a publication publishes, as the server has it: partitions of named
 * tables and schemas at any depth, wherever they are; inheritance children only
 * where they are named themselves (publicationcmds.c expands FOR TABLE once,
 * when it is said, and a child that joins later is not added).
 */
export function publishedBy(publication: PublicationFacts, tree: TableTree): Published[] {
  const found = new Map<string, Published>();
  const add = (table: TableFacts, part: Omit<Published, 'table'>) => {
    for (const leaf of tree.leaves(table)) found.set(tableKey(leaf), { ...part, table: leaf });
  };
  // FOR ALL TABLES and schemas leave out whole rows and columns of nothing, and what is not in WAL.
  if (publication.allTables) for (const table of tree.tables) if (isPublishable(table)) add(table, WHOLE);
  const schemas = new Set(publication.schemas);
  for (const table of tree.tables) if (schemas.has(table.schema) && isPublishable(table)) add(table, WHOLE);
  for (const named of publication.tables) {
    const table = tree.find(named);
    if (table !== undefined) add(table, { uncovered: named.uncovered === true, listed: named.listed === true, named });
  }
  return [...found.values()];
}

const WHOLE = { uncovered: false, listed: false, named: null } as const;

/** As is_publishable_class in pg_publication.c. */
const isPublishable = ({ kind, persistence }: TableFacts): boolean => kind !== 'foreign' && persistence === 'permanent';

/** Of which changes are sent: those that keep rows here, in WAL. */
export const sendsRows = ({ kind, persistence }: TableFacts): boolean =>
  kind === 'table' && persistence === 'permanent';
