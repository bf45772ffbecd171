import type { SourceContract } from '../../stacks/contract';
import { block, joinProposals, NOTHING, type Guard, type Proposal, type StreamOf } from '../engine/change';
import type { SourceObservation, TargetObservation } from '../engine/observation';
import { judgeAlignment } from './clone-alignment';
import type { SubscriptionMark } from './mark';
import { publicationMark, findPublication } from './publication';
import { newClone } from './new-clone';
import { advanceOrigin, judgeOrigin, originAtSeed } from './replication-origin';
import {
  createSubscription,
  enableSubscription,
  refuseForeignSubscription,
  subscriptionMark,
  subscriptionOf,
  updateConnection,
} from './subscription';

/**
 * The three steps that connect one stream: subscription (disabled), origin at
 * the seed LSN, enable. Each looks at what is there, so a run that died between
 * any two is simply continued.
 */
export function planBootstrap(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamOf,
  nonce: string,
  passwordChanges: boolean,
): Proposal {
  const subscription = subscriptionOf(target, of);
  if (subscription === null) return planFirst(contract, source, target, of, nonce);
  const foreign = refuseForeignSubscription(contract, subscription);
  const mark = subscriptionMark(contract, subscription);
  if (mark === null) return foreign;
  if (mark.nonce !== nonce) return block(olderClone(contract, of, mark.nonce));

  const progress = target.databases[of.database]?.streams[of.stream.subscription]?.originProgress ?? null;
  const judged = judgeOrigin(contract, of, progress, subscription.enabled, mark.seedLsn);
  if (judged.findings.length > 0) return judged;
  const connection = planConnection(source, of, mark, passwordChanges);
  if (subscription.enabled) return connection;
  if (progress !== null)
    return joinProposals([connection, enableSubscription(of, 'it is disabled', [originAtSeed(of, mark.seedLsn)])]);
  // The origin is untouched: the interval must hold exactly as for a new subscription.
  const alignment = judgeAlignment(contract, source, target, of, nonce);
  return joinProposals([alignment, connection, advanceOrigin(of, mark.seedLsn), enableFirst(of, mark.seedLsn)]);
}

function planConnection(
  source: SourceObservation,
  of: StreamOf,
  mark: SubscriptionMark,
  passwordChanges: boolean,
): Proposal {
  const version = source.secretVersion ?? mark.secretVersion;
  return passwordChanges || mark.secretVersion !== version
    ? updateConnection(of, { ...mark, secretVersion: version })
    : NOTHING;
}

/** The outputs name the new ticket, but the clone itself was not replaced. */
function olderClone(contract: SourceContract, of: StreamOf, nonce: string) {
  return {
    code: 'CLONE_NOT_UNDER_TICKET',
    seen: `subscription ${of.stream.subscription} in database ${of.database} was made under ticket ${nonce}, not the present one`,
    why: 'it is a clone of before the present slots: changes between the two would be missing',
    next: `deploy ${contract.stacks.target} again so that the clone is replaced; if it says it is up to date: ${newClone(contract)}`,
  };
}

function planFirst(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamOf,
  nonce: string,
): Proposal {
  const alignment = judgeAlignment(contract, source, target, of, nonce);
  const seedLsn = target.seedLsn;
  if (alignment.findings.length > 0 || seedLsn === null) return alignment;
  const confirmed = publicationMark(contract, findPublication(source, of))?.ticket?.confirmedFlushLsn;
  if (confirmed === undefined) return alignment;
  const { environment } = contract;
  const mark: SubscriptionMark = {
    kind: 'subscription',
    environment,
    nonce,
    seedLsn,
    secretVersion: source.secretVersion ?? '',
  };
  return joinProposals([
    createSubscription(of, mark, [slotUnused(of, confirmed, seedLsn), seedUnchanged(of, seedLsn)]),
    advanceOrigin(of, seedLsn),
    enableFirst(of, seedLsn),
  ]);
}

function enableFirst(of: StreamOf, seedLsn: string): Proposal {
  return enableSubscription(of, 'begin to follow the source', [originAtSeed(of, seedLsn)]);
}

/** The interval rule once more, on the live source, right before the subscription is made. */
function slotUnused(of: StreamOf, confirmed: string, seedLsn: string): Guard {
  return {
    place: { side: 'source', database: of.database },
    sql: `SELECT NOT active AND wal_status IS DISTINCT FROM 'lost' AND confirmed_flush_lsn = $2::pg_lsn AND confirmed_flush_lsn <= $3::pg_lsn AND $3::pg_lsn <= pg_current_wal_flush_lsn() AS ok,
       active, wal_status, confirmed_flush_lsn, pg_current_wal_flush_lsn() AS flush_lsn
FROM pg_replication_slots WHERE slot_name = $1`,
    values: [of.stream.slot, confirmed, seedLsn],
    refusal: {
      code: 'SLOT_CONSUMED',
      seen: `replication slot ${of.stream.slot} on the source is no longer as the clone ticket recorded it`,
      why: 'changes that the clone has not got would be missing',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

function seedUnchanged(of: StreamOf, seedLsn: string): Guard {
  return {
    place: { side: 'target', database: of.database },
    sql: 'SELECT aurora_volume_logical_start_lsn() = $1::pg_lsn AS ok, aurora_volume_logical_start_lsn() AS seed_lsn',
    values: [seedLsn],
    refusal: {
      code: 'CLONE_CHANGED',
      seen: `the clone's seed LSN is no longer ${seedLsn}`,
      why: 'it is another clone than the one that was planned for',
      next: 'run sql-runner plan again',
    },
  };
}
