import { propose, sqlChange, type Change, type Finding, type Guard, type Proposal } from '../../model/change';
import type { Inheritable } from '../../model/inheritable';
import type { ReplicationOrigin } from '../../postgres/catalog/origins';
import type { TargetObservation } from '../../model/observation';
import { quoteLiteral } from '../../postgres/text/quoting';

/** As subscriptions name theirs, and their table copies (ReplicationOriginNameForLogicalRep). */
const OF_SUBSCRIPTION = /^pg_(\d+)(_\d+)?$/;

/**
 * Origins that subscriptions on the source left behind. Those of inherited
 * subscriptions go with them, so they are not listed here.
 */
export function planInheritedOrigins(source: Inheritable, target: TargetObservation, database: string): Proposal {
  const subscriptions = new Set(target.subscriptions.map((subscription) => String(subscription.oid)));
  const copies = target.inheritable.origins.filter(
    (origin) =>
      source.origins.some((other) => other.id === origin.id && other.name === origin.name) &&
      !subscriptions.has(OF_SUBSCRIPTION.exec(origin.name)?.[1] ?? ''),
  );
  const ended = copies.filter((origin) => OF_SUBSCRIPTION.test(origin.name));
  const foreign = copies.filter((origin) => !ended.includes(origin));
  return propose(
    ended.map((origin) => drop(origin, database)),
    foreign.length === 0 ? [] : [leave(foreign, database)],
  );
}

function drop(origin: ReplicationOrigin, database: string): Change {
  return sqlChange({
    address: { side: 'target', kind: 'inherited-origin', name: origin.name },
    action: 'delete',
    reason: 'a copy of an origin of the source whose subscription is gone; it takes a place that ours may need',
    place: { side: 'target', database },
    guards: [withoutSubscription(origin, database)],
    statements: [{ text: `SELECT pg_replication_origin_drop(${quoteLiteral(origin.name)})` }],
  });
}

function withoutSubscription(origin: ReplicationOrigin, database: string): Guard {
  return {
    place: { side: 'target', database },
    sql: 'SELECT NOT EXISTS (SELECT FROM pg_stat_subscription WHERE subid::text = $1) AS ok',
    values: [OF_SUBSCRIPTION.exec(origin.name)?.[1] ?? ''],
    refusal: {
      code: 'ORIGIN_IN_USE',
      seen: `replication origin ${origin.name} on the clone belongs to a subscription`,
      why: 'without it the subscription would apply changes a second time',
      next: 'run sql-runner plan again',
    },
  };
}

function leave(origins: readonly ReplicationOrigin[], database: string): Finding {
  const drops = origins.map((origin) => `SELECT pg_replication_origin_drop(${quoteLiteral(origin.name)});`);
  return {
    code: 'ORIGINS_LEFT',
    severity: 'info',
    seen: `the clone inherited replication origins that are not of subscriptions: ${origins.map((origin) => origin.name).join(', ')}`,
    why: 'some other tool keeps its position in them; they do no harm to replication and stay',
    next: `if the clone runs out of origins, drop those that no tool uses, in database ${database} on the clone: ${drops.join(' ')}`,
  };
}
