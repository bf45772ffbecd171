import { optionsOf, subscriptionOf } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { streamsOf, type StreamOf } from '../model/streams';
import type { TargetObservation } from '../model/observation';
import { ownMark, type SubscriptionMark } from '../model/mark';
import { hasCountedAnew } from './counted-anew';
import { alteredAttributes } from './subscription-attributes';
import { isRemade } from './subscription-identity';

/**
 * How many updates of subscriptions nothing explains: since the run that the mark remembers somebody altered one and put
 * it back, disabled and enabled one, or skipped a transaction. Nothing else of that is left, and while a subscription is
 * disabled anybody may read its slot.
 *
 * One that is still altered or disabled explains one update, and is judged for itself. The count is of the whole
 * cluster: which subscription it was does not show. Where it has begun anew, each update in it came after the mark; what
 * was lost with the count before is told by other witnesses, see counted-anew.ts.
 */
export function unexplainedUpdates(
  contract: SourceContract,
  target: TargetObservation,
  mark: SubscriptionMark,
): number {
  if (mark.updates === undefined) return 0;
  // A count that cannot be read is less than any.
  const now = target.subscriptionUpdates ?? 0;
  const before = hasCountedAnew(target, mark) ? 0 : mark.updates;
  const explained = streamsOf(contract).filter((of) => isAltered(target, of) && isInCount(contract, target, of));
  return Math.max(0, now - before - explained.length - ownSince(contract, target, mark));
}

/** How many updates of one count our marks tell to be our own. */
export function ownUpdates(own: readonly NonNullable<SubscriptionMark['own']>[], since: string): number {
  return own.reduce((sum, one) => sum + (one.since === since ? one.updates : 0), 0);
}

/**
 * How many were our own since the mark was written: of runs that were killed before they could remember the count. Less
 * where that is not certain, never more: nothing of a mark of before they were told, or of a count that began anew, and
 * none that are told by a comment on another subscription than it was written for, which may be the copy of one.
 */
function ownSince(contract: SourceContract, target: TargetObservation, mark: SubscriptionMark): number {
  if (mark.counts?.own === undefined || target.counting == null || hasCountedAnew(target, mark)) return 0;
  const told = streamsOf(contract).flatMap((of) => {
    const other = ownMark(subscriptionOf(target, of)?.comment ?? null, 'subscription', contract.environment);
    return other?.own === undefined || isRemade(target, of, other) ? [] : [other.own];
  });
  return Math.max(0, ownUpdates(told, target.counting.since) - mark.counts.own);
}

/** What was held before the count began anew is no part of it. */
function isInCount({ environment }: SourceContract, target: TargetObservation, of: StreamOf): boolean {
  const held = ownMark(subscriptionOf(target, of)?.comment ?? null, 'subscription', environment)?.held;
  return held?.counting === undefined || target.counting == null || held.counting === target.counting.since;
}

/**
 * Whether somebody altered a subscription of the clone since; null: not known, as nothing was remembered, the server does
 * not count (before 15), or has counted anew since.
 */
export function alteredByOthers(
  contract: SourceContract,
  target: TargetObservation,
  mark: SubscriptionMark,
): boolean | null {
  const now = target.subscriptionUpdates ?? null;
  if (mark.updates === undefined || now === null) return null;
  // What was lost with the former count may have been one more.
  if (hasCountedAnew(target, mark)) return unexplainedUpdates(contract, target, mark) > 0 ? true : null;
  const altered = streamsOf(contract).filter((of) => isAltered(target, of)).length;
  const explained = mark.updates + altered + ownSince(contract, target, mark);
  return now < explained ? null : now > explained;
}

export function isAltered(target: TargetObservation, of: StreamOf): boolean {
  const [subscription, options] = [subscriptionOf(target, of), optionsOf(target, of)];
  if (subscription === null) return false;
  return !subscription.enabled || (options !== null && alteredAttributes(of, options).length > 0);
}
