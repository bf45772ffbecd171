import { displayTable } from '../model/table-selection';
import type { StreamFacts } from '../model/stream-state';
import type { CatalogTable } from '../postgres/catalog/tables';
import { heartbeatTable } from './heartbeat';

/** As displayTable() shows them. */
export interface SwappedTable {
  /** What the clone calls the table that it came with. */
  readonly here: string;
  /** What that is on the source now, where another one has its name. */
  readonly there: string;
}

/**
 * Tables of a stream that were renamed away on the source, where another one was put under their name: a clone's tables
 * have the oids of the source's, and a publication follows those.
 * @param tables of the database on the source
 */
export function swappedTables(tables: readonly CatalogTable[], of: StreamFacts): SwappedTable[] {
  const [source, clone] = [of.publication?.rows?.tables ?? {}, of.inherited?.rows?.tables ?? {}];
  const beats = displayTable(heartbeatTable(of));
  const moved = Object.entries(clone).flatMap(([oid, { name: here }]) => {
    const there = source[oid]?.name ?? here;
    // That of a heartbeat is told as that.
    return there === here || here === beats || there === beats ? [] : [{ here, there }];
  });
  if (moved.length === 0) return [];
  const taken = new Set(tables.map(displayTable));
  return moved.filter(({ here }) => taken.has(here));
}

/** @param there null: it was dropped */
export const swappedWords = (database: string, { here, there }: { here: string; there: string | null }): string =>
  `table ${here} in database ${database} is another one on the source than on the clone: the one that was cloned ${there === null ? 'was dropped' : `is ${there} now`}`;

export const SWAPPED_WHY =
  'a publication follows the table, not its name: rows of the new table are not sent, or arrive in the old one';
