import type { TargetObservation } from '../model/observation';
import type { SubscriptionCounts } from '../postgres/catalog/subscription-updates';

/** The count of the clone's server as an observation has it. */
export function countedIn(
  counts: SubscriptionCounts | null,
): Pick<TargetObservation, 'subscriptionUpdates' | 'counting'> {
  if (counts === null) return { subscriptionUpdates: null };
  const { updates, since, at, workers } = counts;
  return { subscriptionUpdates: updates, counting: { since, at, workers } };
}
