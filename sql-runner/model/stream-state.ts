import type { SourceContract } from '../../contract/contract';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import { compareLsn } from '../postgres/text/lsn';
import { followedBy } from './added-tables';
import { newPartitions, type NewPartitions } from './new-partitions';
import { ownMark, type PublicationMark, type SubscriptionMark } from './mark';
import type {
  Observation,
  PublicationFacts,
  SourceObservation,
  SubscriptionFacts,
  TargetObservation,
} from './observation';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { streamsOf, type StreamOf } from './streams';

/**
 * How far a stream has come; the order is that of a bootstrap. ARCHITECTURE.md has what comes next of each.
 * The last three are no part of that order, and whoever carries on has to look at them first.
 */
export const STREAM_STATES = [
  /** There is no publication. */
  'absent',
  /** There is a publication of ours, and no slot yet. */
  'published',
  /** And its slot, of which no ticket was issued yet. */
  'slotted',
  /** And a ticket in its mark; no clone was made under it yet. */
  'ticketed',
  /** The clone was made under the ticket, and has no subscription yet. */
  'cloned',
  /** Its subscription is disabled, and the origin of that has no progress. */
  'subscribed',
  /** Its subscription is disabled, and the origin is at or after the seed LSN. */
  'aligned',
  /** Its subscription is enabled, and the origin is at or after the seed LSN. */
  'enabled',
  /** Its subscription was enabled, or its origin moved, before the seed LSN. */
  'behind seed',
  /** A reset has begun, and there is no new ticket yet. */
  'resetting',
  /** The publication or the subscription of its name is not ours. */
  'foreign',
] as const;

export type StreamState = (typeof STREAM_STATES)[number];

/** One stream, with all that was read of it on both sides. Derived once of an observation, and handed on. */
export interface StreamFacts extends StreamOf {
  readonly publication: PublicationFacts | null;
  /** Of the publication; null where it is not ours, or not there. */
  readonly mark: PublicationMark | null;
  readonly slot: ReplicationSlot | null;
  /** What the clone brought along of the publication: a record of how it was; with what was added to the stream since. */
  readonly inherited: PublicationFacts | null;
  readonly inheritedMark: PublicationMark | null;
  /** That came on the source since, and that the subscription does not know; none where it was not read what it takes. */
  readonly partitions: NewPartitions;
  readonly subscription: SubscriptionFacts | null;
  readonly subscriptionMark: SubscriptionMark | null;
  /** Null where there is no subscription, or they could not be read. */
  readonly options: SubscriptionOptions | null;
  /** How far the origin of the subscription has come. */
  readonly origin: string | null;
  readonly state: StreamState;
}

/** Of each stream of the environment, in the order of its file. */
export function streamFacts(contract: SourceContract, observation: Observation): StreamFacts[] {
  return streamsOf(contract).map((of) => factsOf(contract, observation, of));
}

/** Of one stream, which the environment may have forgotten. */
export function factsOf(contract: SourceContract, { source, target, ticket }: Observation, of: StreamOf): StreamFacts {
  const onClone = target?.databases[of.database];
  const publication = publicationIn(source.databases[of.database], of);
  const subscription = target === null ? null : subscriptionOf(target, of);
  const ownSubscription = subscriptionMark(contract, subscription);
  const copy = publicationIn(onClone, of);
  const partitions = newPartitions(publication, copy, ownSubscription === null ? null : takenBy(onClone, of));
  const inherited = followedBy(copy, publication, ownSubscription, partitions);
  const facts = {
    ...of,
    publication,
    mark: publicationMark(contract, publication),
    slot: source.slots.find((slot) => slot.name === of.stream.slot) ?? null,
    inherited,
    inheritedMark: publicationMark(contract, inherited),
    partitions,
    subscription,
    subscriptionMark: ownSubscription,
    options: target === null ? null : optionsOf(target, of),
    origin: onClone?.streams[of.stream.subscription]?.originProgress ?? null,
  };
  return { ...facts, state: stateOf(facts, target !== null && target.deployedNonce === ticket?.nonce) };
}

/** For whoever looks for one under its name, of whichever stream it is. */
export function subscriptionOf(target: TargetObservation, of: StreamOf): SubscriptionFacts | null {
  return target.databases[of.database]?.streams[of.stream.subscription]?.subscription ?? null;
}

export function optionsOf(target: TargetObservation, of: StreamOf): SubscriptionOptions | null {
  return target.databases[of.database]?.streams[of.stream.subscription]?.options ?? null;
}

function publicationIn(
  database: SourceObservation['databases'][string] | TargetObservation['databases'][string] | undefined,
  { stream }: StreamOf,
): PublicationFacts | null {
  return database?.publications.find(({ name }) => name === stream.publication) ?? null;
}

/** Null: it was not read. */
function takenBy(onClone: TargetObservation['databases'][string] | undefined, { stream }: StreamOf) {
  return onClone?.taken?.filter(({ subscription }) => subscription === stream.subscription) ?? null;
}

/** The publication's mark when it is ours, else null. */
export function publicationMark(
  contract: SourceContract,
  publication: Pick<PublicationFacts, 'comment'> | null,
): PublicationMark | null {
  return publication === null ? null : ownMark(publication.comment, 'publication', contract.environment);
}

export function subscriptionMark(
  contract: SourceContract,
  subscription: Pick<SubscriptionFacts, 'comment'> | null,
): SubscriptionMark | null {
  return subscription === null ? null : ownMark(subscription.comment, 'subscription', contract.environment);
}

/** A clone of an earlier ticket is as good as none: it will be replaced. */
function stateOf(facts: Omit<StreamFacts, 'state'>, underTicket: boolean): StreamState {
  const { publication, mark, slot, subscription } = facts;
  if (mark?.resetting !== undefined) return 'resetting';
  if (publication !== null && mark === null) return 'foreign';
  if (subscription !== null) return ofSubscription(facts);
  if (mark === null) return 'absent';
  if (slot === null) return 'published';
  if (mark.ticket === undefined) return 'slotted';
  return underTicket ? 'cloned' : 'ticketed';
}

function ofSubscription({ subscription, subscriptionMark: mark, origin }: Omit<StreamFacts, 'state'>): StreamState {
  if (mark === null) return 'foreign';
  if (origin === null && subscription?.enabled !== true) return 'subscribed';
  if (origin === null || compareLsn(origin, mark.seedLsn) < 0) return 'behind seed';
  return subscription?.enabled === true ? 'enabled' : 'aligned';
}

/**
 * Where the environment stands with its ticket: the nonce in the SSM parameter
 * of the target account and in the mark of every publication.
 */
export type TicketState =
  | { readonly kind: 'none' }
  /** Every publication carries the nonce, the parameter is missing (a crash between the two). */
  | { readonly kind: 'unpublished'; readonly nonce: string }
  | { readonly kind: 'issued'; readonly nonce: string }
  /** The parameter's nonce is not in every publication. */
  | { readonly kind: 'mismatch'; readonly nonce: string; readonly without: readonly string[] };

export function ticketState(
  { ticket }: Pick<Observation, 'ticket'>,
  streams: readonly Pick<StreamFacts, 'mark' | 'database'>[],
): TicketState {
  const nonces = streams.map(({ mark }) => mark?.ticket?.nonce ?? null);
  const nonce = ticket?.nonce ?? null;
  if (nonce === null) {
    const [first] = nonces;
    return first && nonces.every((other) => other === first) ? { kind: 'unpublished', nonce: first } : { kind: 'none' };
  }
  const without = streams.filter((_, index) => nonces[index] !== nonce).map(({ database }) => database);
  return without.length === 0 ? { kind: 'issued', nonce } : { kind: 'mismatch', nonce, without };
}
