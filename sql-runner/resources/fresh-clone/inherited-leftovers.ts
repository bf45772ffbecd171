import { propose, sqlChange, type Change, type Finding, type Proposal } from '../../model/change';
import type { SourceObservation, SubscriptionFacts, TargetObservation } from '../../model/observation';
import type { ReplicationSlot } from '../../postgres/catalog/slots';
import { compareLsn } from '../../postgres/text/lsn';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';

/** Where nothing listens. The password is there because a subscription of an ordinary role must have one. */
const NOWHERE = 'host=127.0.0.1 port=1 user=nobody password=none dbname=none connect_timeout=2';

/** Copies of the source's subscriptions: an enabled one fights with production over the upstream's slot. */
export function planInheritedSubscriptions(
  source: SourceObservation,
  target: TargetObservation,
  own: ReadonlySet<string>,
): Proposal {
  const inherited = target.subscriptions.filter((subscription) => isInheritedSubscription(source, subscription, own));
  return propose(inherited.map(dropSubscription), inherited.filter(({ enabled }) => enabled).map(wasEnabled));
}

/** Copies of the source's slots: they would hold back the clone's WAL for ever. */
export function planInheritedSlots(target: TargetObservation, database: string): Proposal {
  const inherited = target.slots.filter((slot) => isInheritedSlot(slot, target.seedLsn));
  return propose(
    inherited.filter(({ active }) => !active).map((slot) => dropSlot(slot, database)),
    inherited.filter(({ active }) => active).map(slotInUse),
  );
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
export function isInheritedSlot(slot: ReplicationSlot, seedLsn: string | null): boolean {
  if (slot.temporary || seedLsn === null) return false;
  return slot.restartLsn === null || compareLsn(slot.restartLsn, seedLsn) <= 0;
}

/**
 * Detached from its slot first. And sent nowhere: with a table whose copy is
 * not finished, DROP SUBSCRIPTION connects to the publisher even without a slot
 * name and drops that table's slot there, which production is using
 * (DropSubscription in subscriptioncmds.c).
 */
function dropSubscription(subscription: SubscriptionFacts): Change {
  const name = quoteIdent(subscription.name);
  return sqlChange({
    address: {
      side: 'target',
      database: subscription.database,
      kind: 'inherited-subscription',
      name: subscription.name,
    },
    action: 'delete',
    reason:
      "a copy of the source's own subscription; detached and sent nowhere first, so that its upstream is not touched",
    place: { side: 'target', database: subscription.database },
    guards: [],
    statements: [
      { text: `ALTER SUBSCRIPTION ${name} DISABLE` },
      { text: `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)` },
      { text: `ALTER SUBSCRIPTION ${name} CONNECTION ${quoteLiteral(NOWHERE)}` },
      { text: `DROP SUBSCRIPTION ${name}` },
    ],
  });
}

function dropSlot(slot: ReplicationSlot, database: string): Change {
  return sqlChange({
    address: { side: 'target', kind: 'inherited-slot', name: slot.name },
    action: 'delete',
    reason: "a copy of a slot of the source; it would keep the clone's WAL for ever",
    place: { side: 'target', database: slot.database ?? database },
    guards: [],
    statements: [{ text: `SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)})` }],
  });
}

/** It started with the server, before anybody could stop it; only the network could keep it in. */
function wasEnabled(subscription: SubscriptionFacts): Finding {
  return {
    code: 'INHERITED_SUBSCRIPTION_ENABLED',
    severity: 'warn',
    seen: `subscription ${subscription.name} in database ${subscription.database}, a copy of the source's own, is enabled on the clone`,
    why: 'it has tried to reach its publisher since the clone started; where it got through, production may have missed changes. The security group of the clone lets out to the source only; further groups, and a publisher in the source itself, are not covered by that',
    next: `this plan removes it first; look on the publisher whether slot ${subscription.slotName ?? '(none)'} is read by production only`,
  };
}

function slotInUse(slot: ReplicationSlot): Finding {
  return {
    code: 'INHERITED_SLOT_IN_USE',
    severity: 'warn',
    seen: `slot ${slot.name} of the clone, a copy of one of the source, is read by process ${slot.activePid ?? '(unknown)'}`,
    why: "somebody reads changes from the clone in place of production; it stays as long as it is in use, and keeps the clone's WAL when it is not",
    next: `when its reader has stopped, on the clone: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`,
  };
}
