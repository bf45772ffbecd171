import { displayTable } from '../model/table-selection';
import type { StreamFacts } from '../model/stream-state';
import type { PublicationFacts, SourceDatabaseFacts } from '../model/observation';
import { heartbeatTable } from './heartbeat';

/** As displayTable() shows them. */
export interface SwappedTable {
  /** What the clone calls the table that it came with. */
  readonly here: string;
  /** What that is on the source now, where another one has its name; undefined: not to be told, as it is not published. */
  readonly there: string | undefined;
}

/**
 * Tables of a stream that were renamed away on the source, where another one was put under their name: a clone's tables
 * have the oids of the source's, and a publication follows those.
 * @param database on the source; its tables are asked for only where one was renamed
 */
export function swappedTables(database: Pick<SourceDatabaseFacts, 'tables'>, of: StreamFacts): SwappedTable[] {
  const beats = displayTable(heartbeatTable(of));
  const moved = renamedTables(of.publication, of.inherited).filter(
    // That of a heartbeat is told as that.
    ({ here, there }) => here !== beats && there !== beats,
  );
  const left = replaced(of).filter(({ here }) => here !== beats);
  if (moved.length === 0) return left;
  const taken = new Set(database.tables.map(displayTable));
  return [...moved.filter(({ here }) => taken.has(here)), ...left];
}

/** Of those that are published still, with what they are called on each side. */
export function renamedTables(
  publication: Pick<PublicationFacts, 'rows'> | null,
  inherited: Pick<PublicationFacts, 'rows'> | null,
): { readonly here: string; readonly there: string }[] {
  const source = publication?.rows?.tables ?? {};
  return Object.entries(inherited?.rows?.tables ?? {}).flatMap(([oid, { name: here }]) => {
    const there = source[oid]?.name ?? here;
    return there === here ? [] : [{ here, there }];
  });
}

/**
 * Where the publication names another table of that name instead. A clone's copy of it names what came with the clone:
 * what was made on both sides since, such as a partition, has other numbers on each and is not among that.
 */
function replaced({ publication, inherited }: StreamFacts): SwappedTable[] {
  const [now, then] = [publication?.rows?.members ?? {}, inherited?.rows?.members ?? {}];
  const sent = new Set(Object.values(now).map(tableOf));
  return Object.entries(then).flatMap(([here, row]) =>
    now[here] === undefined || sent.has(tableOf(row)) ? [] : [{ here, there: undefined }],
  );
}

/** Of a row of pg_publication_rel, as PublicationRows has it. */
const tableOf = (row: string): string => row.split(' ')[1]!;

/** @param there null: it was dropped; undefined: it is not published any more, whatever it is named */
export function swappedWords(
  database: string,
  { here, there }: { here: string; there: string | null | undefined },
): string {
  const now =
    there === undefined ? 'is not in the publication any more' : there === null ? 'was dropped' : `is ${there} now`;
  return `table ${here} in database ${database} is another one on the source than on the clone: the one that was cloned ${now}`;
}

export const SWAPPED_WHY =
  'a publication follows the table, not its name: rows of the new table are not sent, or arrive in the old one';
