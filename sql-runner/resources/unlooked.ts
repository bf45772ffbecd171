import type { SourceContract } from '../../contract/contract';
import type { Observation } from '../model/observation';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { uncounted } from './counted-anew';
import { witnessIn } from './slot-moved';
import { someOf } from './some-of';

/**
 * What nobody could look at of streams that have begun, and would speak against them: wherever something is called well,
 * this is said with it. Sentences without full stop, of all databases that have it in common.
 */
export function unlookedOf(contract: SourceContract, observation: Observation): string[] {
  const begun = streamFacts(contract, observation).filter(({ subscriptionMark }) => subscriptionMark !== null);
  const atSlots = grouped(begun, (of) => witnessIn(observation.source, of)?.unread ?? null);
  const altered = grouped(begun, (of) => (observation.target === null ? null : uncounted(observation.target, of)));
  return [
    ...atSlots.map(([why, where]) => `whether somebody else was at the slot before its reader came, ${where}: ${why}`),
    ...altered.map(([why, where]) => `${ALTERED}, ${where}: ${why}`),
  ];
}

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
