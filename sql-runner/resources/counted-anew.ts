import type { Alteration } from '../model/count-witness';
import type { SubscriptionMark } from '../model/mark';
import type { TargetObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';

type Counted = Pick<TargetObservation, 'subscriptionUpdates' | 'counting'>;

/**
 * Whether the clone's server counts altered subscriptions from the beginning again since the mark was written: a crash or
 * a failover loses its statistics. Which count it is tells also once it has counted as far as before; that it is lower
 * tells of one that somebody reset alone, and of marks that do not say which it was.
 */
export function hasCountedAnew({ subscriptionUpdates: now, counting }: Counted, mark: SubscriptionMark): boolean {
  if (mark.updates === undefined || now == null) return false;
  if (now < mark.updates) return true;
  return mark.counts !== undefined && counting != null && mark.counts.since !== counting.since;
}

/** What is known of what was done before the count began anew; null: it has not, or nobody has looked. */
const witnessOf = (target: TargetObservation, { stream }: Pick<StreamFacts, 'stream'>) =>
  target.countWitnesses?.[stream.subscription] ?? null;

/** What the clone's log tells that somebody did before the count began anew. */
export function alterationTold(target: TargetObservation, of: StreamFacts, mark: SubscriptionMark): Alteration | null {
  return hasCountedAnew(target, mark) ? (witnessOf(target, of)?.altered ?? null) : null;
}

export function alterationWords(
  { database, stream }: StreamFacts,
  { at, pid, subscription, what }: Alteration,
): string {
  const whose = subscription === null ? 'a subscription of the clone' : `subscription ${stream.subscription}`;
  return `${whose} in database ${database}, as process ${pid} logged on the clone at ${at}: ${what}, by somebody else, before the clone's server began to count anew`;
}

/** Why it is not known what was done to subscriptions; null: it is. */
export function uncounted(target: TargetObservation, of: StreamFacts): string | null {
  const { subscriptionMark: mark } = of;
  if (mark === null) return null;
  if (mark.counts?.unseen !== undefined)
    return `the clone's server had counted anew when sql-runner altered them at ${mark.counts.at}`;
  if (!hasCountedAnew(target, mark)) return null;
  const witness = witnessOf(target, of);
  return witness === null ? 'nobody has read the log of the clone' : witness.unread;
}

/** Both servers' clocks are kept by the same service; they differ by far less. */
const CLOCKS_APART_MS = 10_000;

/**
 * Up to when it is known what was done to subscriptions, ISO 8601: what arrived later proves nothing.
 * @returns undefined: up to now; null: it is not known
 */
export function countedUntil(target: TargetObservation, of: StreamFacts): string | null | undefined {
  if (uncounted(target, of) === null) return undefined;
  const counts = of.subscriptionMark?.counts;
  if (counts === undefined || counts.unseen !== undefined) return null;
  return new Date(Date.parse(counts.at) - CLOCKS_APART_MS).toISOString();
}
