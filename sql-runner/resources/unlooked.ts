import type { SourceContract } from '../../contract/contract';
import type { Observation, SourceObservation, TargetObservation } from '../model/observation';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { uncounted } from './counted-anew';
import { slotUnread } from './slot-moved';
import { someOf } from './some-of';

/**
 * What nobody could look at of streams that have begun, and would speak against them: wherever something is called well,
 * this is said with it. Sentences without full stop, of all databases that have it in common.
 */
export function unlookedOf(contract: SourceContract, observation: Observation): string[] {
  const begun = streamFacts(contract, observation).filter(({ subscriptionMark }) => subscriptionMark !== null);
  const atSlots = grouped(begun, (of) => slotUnread(observation.source, of));
  const altered = grouped(begun, (of) => (observation.target === null ? null : uncounted(observation.target, of)));
  const end = comparedBy(contract);
  return [
    ...atSlots.map(
      ([why, where]) => `whether somebody else was at the slot before its reader came, ${where}: ${why}; ${end}`,
    ),
    ...altered.map(([why, where]) => `${ALTERED}, ${where}: ${why}; ${end}`),
  ];
}

/** Something of a stream nobody could look at, so that only its rows tell. */
export const isUnlooked = (source: SourceObservation, target: TargetObservation, of: StreamFacts): boolean =>
  slotUnread(source, of) !== null || uncounted(target, of) !== null;

/** What ends it. An apply does not read every row each time that a worker came back while nobody looked. */
export const comparedBy = ({ environment }: SourceContract): string =>
  `sql-runner resume ${environment} compares every row, which tells`;

const ALTERED =
  "whether somebody altered a subscription and put it back before the clone's server began to count that anew";

function grouped(streams: readonly StreamFacts[], reasonOf: (of: StreamFacts) => string | null): [string, string][] {
  const byReason = new Map<string, string[]>();
  for (const of of streams) {
    const why = reasonOf(of);
    if (why !== null) byReason.set(why, [...(byReason.get(why) ?? []), of.database]);
  }
  return [...byReason].map(([why, names]) => [
    why,
    `of ${names.length === 1 ? 'database' : 'databases'} ${someOf(names)}`,
  ]);
}
