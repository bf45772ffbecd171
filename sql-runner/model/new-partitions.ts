import { displayQualified } from '../postgres/text/quoting';
import type { PublishedRows } from '../postgres/catalog/published-rows';
import type { PublicationFacts, TakenTable } from './observation';

/** By the oid of each on the source: how it is published. */
export type NewPartitions = ReadonlyMap<number, PublishedRows>;

export const NO_PARTITIONS: NewPartitions = new Map();

/**
 * Partitions that the source has got since the clone was taken, and that the subscription does not know: the apply worker
 * stops at the first change of one that the clone lacks, and skips those of one that it has (relation.c, worker.c). So
 * none has a row that was sent, and whatever became of it until it is copied whole does not matter.
 *
 * One that the clone came with has its rows, and is none of these, whatever the subscription takes.
 * @param inherited the clone's own copy of the publication
 * @param taken null: it was not read
 */
export function newPartitions(
  publication: PublicationFacts | null,
  inherited: PublicationFacts | null,
  taken: readonly TakenTable[] | null,
): NewPartitions {
  if (taken === null || inherited === null) return NO_PARTITIONS;
  const names = new Set(taken.map(displayQualified));
  const came = inherited.rows?.tables ?? {};
  const found = Object.entries(publication?.rows?.tables ?? {}).filter(
    ([oid, { name, indirect, unlogged }]) => indirect && !unlogged && came[oid] === undefined && !names.has(name),
  );
  return found.length === 0 ? NO_PARTITIONS : new Map(found.map(([oid, rows]) => [Number(oid), rows]));
}
