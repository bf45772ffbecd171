import { propose, sqlChange, type Change, type Proposal } from '../engine/change';
import type { SlotFacts, SourceObservation, SubscriptionFacts, TargetObservation } from '../engine/observation';
import { compareLsn } from '../postgres/lsn';
import { quoteIdent, quoteLiteral } from '../postgres/quoting';

/**
 * What the clone brought over and must not keep: copies of the source's slots
 * (they would hold back the clone's WAL for ever) and of its subscriptions (an
 * enabled one fights with production over the upstream's slot).
 */
export function planLeftovers(
  source: SourceObservation,
  target: TargetObservation,
  ownSubscriptions: ReadonlySet<string>,
): Proposal {
  const database = Object.keys(target.databases)[0]!;
  const subscriptions = target.subscriptions.filter((subscription) =>
    isInheritedSubscription(source, subscription, ownSubscriptions),
  );
  const slots = target.slots.filter((slot) => isInheritedSlot(slot, target.seedLsn));
  return propose([...subscriptions.map(dropSubscription), ...slots.map((slot) => dropSlot(slot, database))]);
}

/** The clone keeps object ids: the same id and name on the source means a copy. */
function isInheritedSubscription(
  source: SourceObservation,
  subscription: SubscriptionFacts,
  own: ReadonlySet<string>,
): boolean {
  if (own.has(subscription.name)) return false;
  return source.subscriptions.some(
    (original) => original.oid === subscription.oid && original.name === subscription.name,
  );
}

/** A slot made on the clone itself starts after the seed LSN; it is somebody's and stays. */
function isInheritedSlot(slot: SlotFacts, seedLsn: string | null): boolean {
  if (slot.active || slot.temporary || seedLsn === null) return false;
  return slot.restartLsn === null || compareLsn(slot.restartLsn, seedLsn) <= 0;
}

function dropSubscription(subscription: SubscriptionFacts): Change {
  const name = quoteIdent(subscription.name);
  return sqlChange({
    id: `target/${subscription.database}/inherited-subscription/${subscription.name}`,
    action: 'delete',
    reason: "a copy of the source's own subscription; detached first, so that its upstream slot is not touched",
    place: { side: 'target', database: subscription.database },
    guards: [],
    statements: [
      { text: `ALTER SUBSCRIPTION ${name} DISABLE` },
      { text: `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)` },
      { text: `DROP SUBSCRIPTION ${name}` },
    ],
  });
}

function dropSlot(slot: SlotFacts, database: string): Change {
  return sqlChange({
    id: `target/inherited-slot/${slot.name}`,
    action: 'delete',
    reason: "a copy of a slot of the source; it would keep the clone's WAL for ever",
    place: { side: 'target', database: slot.database ?? database },
    guards: [],
    statements: [{ text: `SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)})` }],
  });
}
