import { displayQualified } from '../postgres/text/quoting';
import type { PublicationRows } from '../postgres/catalog/publications';
import type { PublishedRows } from '../postgres/catalog/published-rows';
import type { AddedTable, SubscriptionMark } from './mark';
import type { PublicationFacts } from './observation';

/**
 * Tables that were added to a stream after its clone was taken. The mark of the subscription has one entry for each: made
 * before anything is done on the source, so that whatever a killed run leaves is known for ours, and completed when the
 * rows of both sides have been compared. Until then nothing may be called in sync.
 */

/** Those that are on their way: nothing is known of their rows yet. */
export const arrivingOf = (mark: Pick<SubscriptionMark, 'added'> | null): readonly AddedTable[] =>
  (mark?.added ?? []).filter(({ compared }) => compared === undefined);

/**
 * What the stream is to send: the clone's copy of the publication, which says what came with the clone, and what was
 * added since. One that is not published yet is not among it; one that has been compared is for ever, so that it is
 * noticed when it leaves.
 */
export function withAdded(
  inherited: PublicationFacts | null,
  publication: PublicationFacts | null,
  mark: Pick<SubscriptionMark, 'added'> | null,
): PublicationFacts | null {
  const published = new Set(publication?.tables.map(({ oid }) => oid));
  const noted = mark?.added ?? [];
  const added = noted.filter(({ oid, compared }) => compared !== undefined || published.has(oid));
  if (inherited === null || noted.length === 0) return inherited;
  // One that is copied anew may have come with the clone: then what is known of it since is what counts.
  const own = new Set<number | undefined>(noted.map(({ oid }) => oid));
  const came = inherited.tables.filter(({ oid }) => !own.has(oid));
  if (added.length === 0) return came.length === inherited.tables.length ? inherited : { ...inherited, tables: came };
  const tables = added.map(({ oid, schema, name }) => ({ oid, schema, name, added: true as const }));
  return {
    ...inherited,
    tables: [...came, ...tables],
    ...(inherited.rows === undefined ? {} : { rows: rowsWith(inherited.rows, publication?.rows, added) }),
  };
}

function rowsWith(
  inherited: PublicationRows,
  source: PublicationRows | undefined,
  added: readonly AddedTable[],
): PublicationRows {
  const members = added.flatMap((table): [string, string][] => {
    const row = table.compared?.row ?? source?.members[displayQualified(table)];
    return row === undefined ? [] : [[displayQualified(table), row]];
  });
  const tables = added.flatMap((table): [string, PublishedRows][] => {
    const rows = rowsOf(table, source?.tables[String(table.oid)]);
    return rows === null ? [] : [[String(table.oid), rows]];
  });
  return {
    ...inherited,
    members: { ...inherited.members, ...Object.fromEntries(members) },
    tables: { ...inherited.tables, ...Object.fromEntries(tables) },
  };
}

/** How it is defined on the clone nobody has read here: equal to nothing, so that whoever compares definitions reads it. */
const UNREAD = { defined: '', keyed: '', rewritten: [] } as const;

/** Of one that was not compared yet there is nothing to be altered since. */
function rowsOf(table: AddedTable, now: PublishedRows | undefined): PublishedRows | null {
  const { compared } = table;
  if (compared === undefined) return now === undefined ? null : { ...now, ...UNREAD };
  const { row: _, ...then } = compared;
  const place = { name: displayQualified(table), schema: table.schema };
  return { ...then, ...place, ...UNREAD, joined: null, indirect: false, unlogged: false, identified: true };
}
