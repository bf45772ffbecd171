import { subscriptionMark, subscriptionOf } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { joinProposals, type Finding, type Proposal } from '../model/change';
import type { SubscriptionFacts, TargetObservation } from '../model/observation';
import { quoteIdent } from '../postgres/text/quoting';
import { dropSubscription } from './subscription';
import { type StreamOf, streamsOf } from '../model/streams';

/**
 * Subscriptions with our mark that have not the name of any stream: ALTER SUBSCRIPTION … RENAME TO lets them run on, so
 * that whoever looks for the name finds none, and a slot that is read all the same.
 */
function elsewhere(contract: SourceContract, target: TargetObservation): SubscriptionFacts[] {
  const named = new Set(streamsOf(contract).map((of) => `${of.database} ${of.stream.subscription}`));
  return target.subscriptions.filter(
    (one) => !named.has(`${one.database} ${one.name}`) && subscriptionMark(contract, one) !== null,
  );
}

/** The stream that it is of: the one whose slot it reads, else one that has no subscription. */
function streamFor(contract: SourceContract, target: TargetObservation, one: SubscriptionFacts): StreamOf | null {
  const streams = streamsOf(contract).filter(({ database }) => database === one.database);
  const bySlot = streams.find(({ stream }) => stream.slot === one.slotName);
  return bySlot ?? streams.find((of) => subscriptionOf(target, of) === null) ?? streams[0] ?? null;
}

/** Those of a stream under other names than its own. */
export function renamedOf(contract: SourceContract, target: TargetObservation, of: StreamOf): SubscriptionFacts[] {
  return elsewhere(contract, target).filter((one) => {
    const home = streamFor(contract, target, one);
    return home?.database === of.database && home.stream.subscription === of.stream.subscription;
  });
}

/** Teardown and reset: whatever its name, what carries our mark goes, or its slot could not. */
export function planSubscriptionDrop(contract: SourceContract, target: TargetObservation, of: StreamOf): Proposal {
  const own = subscriptionOf(target, of);
  const all = [...(own === null ? [] : [own]), ...renamedOf(contract, target, of)];
  return joinProposals(all.map((one) => dropSubscription(contract, of, one)));
}

export function findRenamedSubscriptions(contract: SourceContract, target: TargetObservation | null): Finding[] {
  if (target === null) return [];
  return streamsOf(contract).flatMap((of) =>
    renamedOf(contract, target, of).map((one) => renamed(of, one, subscriptionOf(target, of) !== null)),
  );
}

/** @param taken the stream has a subscription of its own name */
function renamed(of: StreamOf, { name, database, enabled, slotName }: SubscriptionFacts, taken: boolean): Finding {
  const reads =
    slotName === null ? 'it has no slot' : `it ${enabled ? 'reads' : 'is disabled, and has'} slot ${slotName}`;
  const subscription = quoteIdent(name);
  return {
    code: 'SUBSCRIPTION_RENAMED',
    severity: 'block',
    seen: `subscription ${name} in database ${database} on the clone carries our mark, and is not named ${of.stream.subscription} any more; ${reads}`,
    why: 'sql-runner looks after its subscriptions by their names: whether this one follows is not looked at, and a second one would read the same slot',
    next: taken
      ? `the stream has another subscription of its own name; drop this one, in database ${database} on the clone: ALTER SUBSCRIPTION ${subscription} DISABLE; ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE); COMMENT ON SUBSCRIPTION ${subscription} IS NULL; DROP SUBSCRIPTION ${subscription};`
      : `give it its name again, in database ${database} on the clone: ALTER SUBSCRIPTION ${subscription} RENAME TO ${quoteIdent(of.stream.subscription)};`,
  };
}
