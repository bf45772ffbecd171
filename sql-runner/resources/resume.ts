import { addressText, type Address } from '../model/address';
import { shellWord } from '../../errors/shell-word';
import type { SourceContract } from '../../contract/contract';
import { NOTHING, propose, changeOf, sqlChange, type Guard, type Proposal } from '../model/change';
import { quoteIdent } from '../postgres/text/quoting';
import type { SubscriptionMark } from '../model/mark';
import { originAtSeed } from './replication-origin';
import { enableSubscription, rememberMark } from './subscription';
import type { StreamOf } from '../model/streams';

/**
 * A stream that somebody disabled goes on where both sides stand, is remembered
 * as not proven in the same transaction, and is proven by its rows.
 */
export function planResume(of: StreamOf, mark: SubscriptionMark, origin: string, confirmed: string): Proposal {
  return enableSubscription(
    of,
    mark.held === undefined ? 'it is disabled' : 'it was held by consent; whether something was skipped its rows tell',
    [originAtSeed(of, mark.seedLsn), slotUnmoved(of, origin, confirmed), originUnmoved(of, origin)],
    { ...mark, held: undefined, unproven: { ...mark.unproven, origin, confirmed } },
  );
}

/** What was held by consent, and stands where it was: nothing was skipped since, so no row is compared. */
export function letGoOn(of: StreamOf, mark: SubscriptionMark, origin: string, confirmed: string): Proposal {
  return enableSubscription(
    of,
    'it was held by consent, and both sides stand where they stood then',
    [originAtSeed(of, mark.seedLsn), slotUnmoved(of, origin, confirmed), originUnmoved(of, origin)],
    { ...mark, held: undefined },
  );
}

/** Somebody has enabled it meanwhile: what its mark says of a hold is so no more. */
export function forgetHold(of: StreamOf, mark: SubscriptionMark): Proposal {
  if (mark.held === undefined) return NOTHING;
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription-hold', name: of.stream.subscription },
      action: 'delete',
      reason: 'somebody has enabled it since it was held',
      place: of.subscriber,
      guards: [],
      statements: [rememberMark(of, { ...mark, held: undefined })],
    }),
  ]);
}

/** Right before ENABLE, on the live source: the slot is where the plan found it, and the source is not behind the clone. */
function slotUnmoved(of: StreamOf, origin: string, confirmed: string): Guard {
  return {
    place: of.publisher,
    sql: `SELECT NOT active AND confirmed_flush_lsn = $2::pg_lsn AND $3::pg_lsn <= pg_current_wal_flush_lsn() AS ok,
       active, confirmed_flush_lsn, pg_current_wal_flush_lsn() AS flush_lsn
FROM pg_replication_slots WHERE slot_name = $1`,
    values: [of.stream.slot, confirmed, origin],
    refusal: {
      code: 'STREAM_MOVED',
      seen: `replication slot ${of.stream.slot} on the source is no longer where the plan found it`,
      why: 'somebody reads or moves it at this moment, and changes that the clone has not got would be missing',
      next: 'find out who it is, and run sql-runner plan to see where it stands',
    },
  };
}

function originUnmoved(of: StreamOf, origin: string): Guard {
  return {
    place: of.subscriber,
    sql: `SELECT NOT s.subenabled AND pg_replication_origin_progress('pg_' || s.oid, true) IS NOT DISTINCT FROM $2::pg_lsn AS ok, s.subenabled AS enabled, pg_replication_origin_progress('pg_' || s.oid, true) AS progress
FROM pg_subscription s WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    values: [of.stream.subscription, origin],
    refusal: {
      code: 'STREAM_MOVED',
      seen: `subscription ${of.stream.subscription} in database ${of.database} is no longer where the plan found it`,
      why: 'somebody moves its origin or enables it at this moment',
      next: 'find out who it is, and run sql-runner plan to see where it stands',
    },
  };
}

const proofAddress = ({ subscriber, stream }: StreamOf): Address => ({
  ...subscriber,
  kind: 'continuity',
  name: stream.subscription,
});

export function proofId(of: StreamOf): string {
  return addressText(proofAddress(of));
}

/** Compares every row of the stream on both sides, as verify does; see execute/operations/prove-continuity.ts. */
export function proveByRows(contract: SourceContract, of: StreamOf): Proposal {
  const { stream, database } = of;
  const change = changeOf({
    address: proofAddress(of),
    action: 'update',
    reason: 'only equal rows prove that nothing was skipped; this reads every row on both sides',
    preview: [
      `sql-runner verify ${contract.environment} --database ${shellWord(database)}  -- and, if every row is equal:`,
      `COMMENT ON SUBSCRIPTION ${quoteIdent(stream.subscription)} IS '(its mark, as proven)';`,
    ],
    operation: {
      kind: 'prove-continuity',
      place: of.subscriber,
      environment: contract.environment,
      subscription: stream.subscription,
      publication: stream.publication,
      slot: stream.slot,
    },
  });
  return propose([change]);
}
