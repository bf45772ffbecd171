import type { SourceContract } from '../../contract/contract';
import type { Observation } from '../model/observation';
import { displayTable } from '../model/table-selection';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import type { StreamCause } from '../model/stream-cause';
import type { StreamLooks, StreamsSeen } from '../model/survey';
import { alteredSince } from '../resources/publication-rows';
import { replacedIn } from '../resources/replaced-partitions';
import { swappedTables, swappedWords } from '../resources/swapped-tables';

/**
 * What the causes that the log tells mean by what is published now.
 *
 * A row that stands in the way is none of production's where the table is the one that was cloned, and whatever was done to
 * its rows was sent. Else it may well be production's, of another table or from before: then nobody is told to delete it.
 */
export function withPublished(contract: SourceContract, observation: Observation, seen: StreamsSeen): StreamsSeen {
  const looks = streamFacts(contract, observation).flatMap((of): [string, StreamLooks][] => {
    const own = seen.looks[of.stream.subscription];
    const cause = own?.cause;
    if (own === undefined || cause == null || cause.table === null) return [];
    if (cause.kind === 'table missing' && isUnpublished(of, displayTable(cause.table)))
      return [[of.stream.subscription, { ...own, cause: { ...cause, unpublished: true } }]];
    if (cause.kind !== 'conflict') return [];
    if (replacedIn(observation, of).some((one) => displayTable(one) === displayTable(cause.table!)))
      return [[of.stream.subscription, { ...own, cause: { ...cause, replaced: true } }]];
    const earlier = earlierOf(observation, of, displayTable(cause.table));
    return earlier === null ? [] : [[of.stream.subscription, { ...own, cause: { ...cause, earlier } }]];
  });
  return { ...seen, looks: { ...seen.looks, ...Object.fromEntries(looks) } };
}

/** It was renamed or dropped after its changes were written: no table of production is the one to make on the clone. */
function isUnpublished({ publication }: StreamFacts, table: string): boolean {
  const now = publication?.rows?.tables;
  return now !== undefined && !Object.values(now).some(({ name }) => name === table);
}

function earlierOf({ source }: Observation, of: StreamFacts, table: string): Required<StreamCause>['earlier'] | null {
  const swapped = swappedTables(source.databases[of.database]!, of).find(({ here }) => here === table);
  if (swapped !== undefined) return swappedWords(of.database, swapped);
  const altered = alteredSince(of.publication, of.inherited, of.subscriptionMark?.alterations);
  return altered.find((what) => what === table || what.startsWith(`${table} (`)) === undefined
    ? null
    : `table ${table} in database ${of.database}, or what is sent of it, was altered on either side since the clone was taken, or since its rows were compared`;
}
