import type { StreamFacts } from '../../model/stream-state';
import type { SourceContract } from '../../../contract/contract';
import { joinProposals, NOTHING, type Proposal } from '../../model/change';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import { planInheritedCronJobs } from './inherited-cron-jobs';
import { planInheritedEventTriggers } from './inherited-event-triggers';
import { planInheritedForeignServers } from './inherited-foreign-servers';
import { planInheritedIndexes } from './inherited-indexes';
import { planInheritedSlots, planInheritedSubscriptions } from './inherited-leftovers';
import { planInheritedOrigins } from './inherited-origins';
import { planInheritedPrepared } from './inherited-prepared-transactions';
import { planInheritedPublications } from './inherited-publications';
import { planInheritedTriggers } from './inherited-triggers';

/**
 * What a clone brings along and must not keep or run, before the first
 * subscription is made; only copies, never what was made on the clone. Event
 * triggers come first because they fire on the rest; then what acts by itself
 * (subscriptions, jobs); then what holds locks, before the tables are altered.
 */
export function planFreshClone(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  streams: readonly StreamFacts[],
): Proposal {
  if (!streams.some(isUnconnected)) return NOTHING;
  const databases = new Set(streams.map((of) => of.database));
  const first = Object.keys(target.databases)[0]!;
  const [original, copy] = [source.inheritable, target.inheritable];
  return joinProposals([
    planInheritedEventTriggers(contract, original, copy),
    planInheritedSubscriptions(source, target, new Set(streams.map((of) => of.stream.subscription))),
    planInheritedCronJobs(original, copy),
    planInheritedPrepared(original, copy, databases),
    planInheritedSlots(target, first),
    planInheritedOrigins(original, target, first),
    planInheritedTriggers(contract, original, copy),
    planInheritedPublications(contract, original, target),
    planInheritedIndexes(original, copy, databases),
    planInheritedForeignServers(copy),
  ]);
}

/** Once its origin has moved, the stream has applied changes, and the clone is no longer fresh. */
function isUnconnected({ subscription, origin }: StreamFacts): boolean {
  return subscription === null || (!subscription.enabled && origin === null);
}
