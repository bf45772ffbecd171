import { displayQualified } from '../postgres/text/quoting';
import type { PublicationRows } from '../postgres/catalog/publications';
import type { PublishedRows } from '../postgres/catalog/published-rows';
import type { SubscriptionMark } from './mark';
import type { AddedTable, LeftTable } from './table-notes';
import { NO_PARTITIONS, type NewPartitions } from './new-partitions';
import type { PublicationFacts } from './observation';

/**
 * Tables that were added to a stream after its clone was taken, or taken out of it. The mark of the subscription has one
 * entry for each: made before anything is done on the source, so that whatever a killed run leaves is known for ours; of
 * an added one completed when the rows of both sides have been compared. Until then nothing may be called in sync.
 */

/** Those that are on their way: nothing is known of their rows yet. */
export const arrivingOf = (mark: Pick<SubscriptionMark, 'added'> | null): readonly AddedTable[] =>
  (mark?.added ?? []).filter(({ compared }) => compared === undefined);

/** Those that left, and are not sent: what is noted of one that is says only that somebody meant to take it out. */
export function leftOf(
  publication: Pick<PublicationFacts, 'tables'> | null,
  mark: Pick<SubscriptionMark, 'left'> | null,
): readonly LeftTable[] {
  if (mark?.left === undefined) return [];
  const published = new Set(publication?.tables.map(({ oid }) => oid));
  return mark.left.filter(({ oid }) => !published.has(oid));
}

/**
 * What the stream is to send: the clone's copy of the publication, which says what came with the clone, and what was
 * added since, without what left since. One that is not published yet is not among it; one that has been compared is for
 * ever, so that it is noticed when it leaves by another hand than ours. A partition is named by what it is a part of, and
 * only of its rows something is known by itself.
 * @param partitions new ones, of which no row was sent
 */
export function followedBy(
  inherited: PublicationFacts | null,
  publication: PublicationFacts | null,
  mark: Pick<SubscriptionMark, 'added' | 'left'> | null,
  partitions: NewPartitions = NO_PARTITIONS,
): PublicationFacts | null {
  if (inherited === null) return null;
  const published = new Set(publication?.tables.map(({ oid }) => oid));
  const left = new Set(leftOf(publication, mark).map(({ oid }) => oid));
  const added = (mark?.added ?? []).filter(
    ({ oid, compared, partition }) =>
      published.has(oid) || partition === true || (compared !== undefined && !left.has(oid)),
  );
  const named = added.filter(({ partition }) => partition !== true);
  // One that comes a second time is as it came then, and not as the clone was taken with it.
  const gone = new Set([...left, ...(mark?.added ?? []).map(({ oid }) => oid)]);
  const kept = inherited.tables.filter(({ oid }) => oid === undefined || !gone.has(oid));
  if (added.length === 0 && partitions.size === 0 && kept.length === inherited.tables.length) return inherited;
  const tables = named.map(({ oid, schema, name }) => ({ oid, schema, name, added: true as const }));
  return {
    ...inherited,
    tables: [...kept, ...tables],
    ...(inherited.rows === undefined
      ? {}
      : { rows: rowsWith(rowsWithout(inherited.rows, gone), publication?.rows, added, partitions) }),
  };
}

/** Partitions of one that left stay: what is not sent any more is compared with nothing. */
function rowsWithout(inherited: PublicationRows, gone: ReadonlySet<number>): PublicationRows {
  const members = Object.entries(inherited.members).filter(([, row]) => !gone.has(tableOf(row)));
  const tables = Object.entries(inherited.tables).filter(([oid]) => !gone.has(Number(oid)));
  return { ...inherited, members: Object.fromEntries(members), tables: Object.fromEntries(tables) };
}

/** Of a row of pg_publication_rel, as PublicationRows has it. */
const tableOf = (row: string): number => Number(row.split(' ')[1]);

function rowsWith(
  inherited: PublicationRows,
  source: PublicationRows | undefined,
  added: readonly AddedTable[],
  partitions: NewPartitions,
): PublicationRows {
  const members = added
    .filter(({ partition }) => partition !== true)
    .flatMap((table): [string, string][] => {
      const row = table.compared?.row ?? source?.members[displayQualified(table)];
      return row === undefined ? [] : [[displayQualified(table), row]];
    });
  const tables = added.flatMap((table): [string, PublishedRows][] => {
    const rows = rowsOf(table, source?.tables[String(table.oid)]);
    return rows === null ? [] : [[String(table.oid), rows]];
  });
  const unsent = [...partitions].map(([oid, rows]): [string, PublishedRows] => [String(oid), { ...rows, ...UNREAD }]);
  return {
    ...inherited,
    members: { ...inherited.members, ...Object.fromEntries(members) },
    tables: { ...inherited.tables, ...Object.fromEntries(tables), ...Object.fromEntries(unsent) },
  };
}

/** How it is defined on the clone nobody has read here: equal to nothing, so that whoever compares definitions reads it. */
const UNREAD = { defined: '', keyed: '', rewritten: [] } as const;

/** Of one that was not compared yet there is nothing to be altered since. */
function rowsOf(table: AddedTable, now: PublishedRows | undefined): PublishedRows | null {
  const { compared } = table;
  if (compared === undefined) return now === undefined ? null : { ...now, ...UNREAD };
  const { row: _, joined = null, ...then } = compared;
  const place = { name: displayQualified(table), schema: table.schema };
  return { ...then, ...place, ...UNREAD, joined, indirect: false, unlogged: false, identified: true };
}
