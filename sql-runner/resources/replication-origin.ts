import type { SourceContract } from '../../contract/contract';
import { propose, sqlChange, type Guard, type Proposal, type Refusal } from '../model/change';
import { compareLsn } from '../postgres/text/lsn';
import { newClone } from '../model/streams';
import type { StreamOf } from '../model/streams';

/**
 * The origin remembers how far the subscription has applied. Its name is 'pg_'
 * and the oid of the subscription (subscriptioncmds.c, ReplicationOriginNameForLogicalRep);
 * the oid is looked up in the statement, never guessed.
 */
const ORIGIN_NAME = `(SELECT 'pg_' || s.oid FROM pg_subscription s WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

/**
 * Advanced once. pg_replication_origin_advance also goes backwards (origin.c),
 * and then rows would be applied twice: hence the guard that the subscription is
 * disabled and the origin untouched.
 */
export function advanceOrigin(of: StreamOf, seedLsn: string): Proposal {
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'origin', name: of.stream.subscription },
      action: 'create',
      step: 'connect',
      reason: 'start where the data of the clone ends: no row twice, none missing',
      place: of.subscriber,
      guards: [originUntouched(of)],
      statements: [
        {
          text: `SELECT pg_replication_origin_advance(${ORIGIN_NAME}, $2::pg_lsn)`,
          values: [of.stream.subscription, seedLsn],
        },
      ],
    }),
  ]);
}

function originUntouched(of: StreamOf): Guard {
  return {
    place: of.subscriber,
    sql: `SELECT NOT s.subenabled AND pg_replication_origin_progress('pg_' || s.oid, true) IS NULL AS ok, s.subenabled AS enabled, pg_replication_origin_progress('pg_' || s.oid, true) AS progress
FROM pg_subscription s WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    values: [of.stream.subscription],
    refusal: {
      code: 'ORIGIN_TOUCHED',
      seen: `subscription ${of.stream.subscription} in database ${of.database} is enabled or its origin has progress`,
      why: 'advancing it now would skip or repeat changes',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

/** Before a subscription is enabled for the first time: its origin must stand at or after the seed LSN. */
export function originAtSeed(of: StreamOf, seedLsn: string): Guard {
  return {
    place: of.subscriber,
    sql: `SELECT coalesce(pg_replication_origin_progress('pg_' || s.oid, true) >= $2::pg_lsn, false) AS ok, pg_replication_origin_progress('pg_' || s.oid, true) AS progress
FROM pg_subscription s WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    values: [of.stream.subscription, seedLsn],
    refusal: {
      code: 'ORIGIN_BEHIND_SEED',
      seen: `the origin of subscription ${of.stream.subscription} in database ${of.database} is not at the seed LSN ${seedLsn}`,
      why: 'enabling it would apply changes that the clone already has',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

/**
 * What an origin may not look like.
 * @param untouched its subscription is the one that we made, and was not enabled yet
 */
export function judgeOrigin(
  contract: SourceContract,
  of: StreamOf,
  progress: string | null,
  untouched: boolean,
  seedLsn: string,
): Refusal | null {
  if (progress === null && untouched) return null;
  if (progress !== null && compareLsn(progress, seedLsn) >= 0) return null;
  return {
    code: 'ORIGIN_BEHIND_SEED',
    seen: `subscription ${of.stream.subscription} in database ${of.database} has its origin at ${progress ?? 'no position'}; the seed LSN is ${seedLsn}`,
    why: 'it was enabled, moved or made again by hand: rows of the clone may already have been applied twice',
    next: newClone(contract),
  };
}
