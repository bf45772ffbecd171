import type { StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { block, NOTHING, type Proposal, type Refusal } from '../model/change';
import type { SourceObservation, TargetObservation } from '../model/observation';
import { compareLsn } from '../postgres/text/lsn';
import { quoteLiteral } from '../postgres/text/quoting';
import { resentSince } from './publication-rows';
import { someOf } from './some-of';
import { sameTables } from '../model/table-selection';
import { type StreamOf, newClone } from '../model/streams';

/**
 * The proof, for one stream, that starting at the seed LSN neither skips nor
 * repeats a change:
 *   clone taken after the ticket (it inherited the nonce), slot never consumed
 *   since the ticket, confirmed_flush_lsn ≤ seed LSN ≤ source's flush LSN.
 * PostgreSQL would not complain: a start below confirmed_flush_lsn is silently
 * forwarded (logical.c, CreateDecodingContext).
 */
export function judgeAlignment(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
  nonce: string,
): Proposal {
  const { publication, inherited, slot } = of;
  const inheritedNonce = of.inheritedMark?.ticket?.nonce ?? null;
  if (target.databases[of.database]?.exists !== true && target.deployedNonce === nonce)
    return block(databaseGone(contract, of));
  if (inheritedNonce !== nonce) return block(wrongClone(contract, target, of, inheritedNonce));
  if (!target.seedFunctionExists || target.seedLsn === null) return block(noSeedLsn(contract, target));

  const altered = resentSince(publication, inherited);
  // It has the nonce, so there is one. Where it differs from what the clone inherited to this day, planPublication has spoken.
  const putBack = publication?.publishesEverything === true && sameTables(publication.tables, inherited!.tables);
  if (altered.length > 0 && putBack) return block(publicationAltered(contract, of, altered));
  const ticketed = of.mark?.ticket?.confirmedFlushLsn ?? null;
  if (slot === null || ticketed === null) return NOTHING; // planSlot and planTicket have spoken
  if (slot.active) return block(slotActive(of, slot.activePid));
  if (slot.confirmedFlushLsn !== ticketed)
    return block(slotConsumed(contract, of, slot.confirmedFlushLsn, ticketed, target.seedLsn));
  return judgeInterval(contract, of, slot.confirmedFlushLsn, target.seedLsn, source.server.flushLsn ?? '0/0');
}

/** Its commit moves what the source has flushed, without a row. */
const WRITE = `SELECT pg_logical_emit_message(true, 'sql-runner', 'beyond the seed LSN of the clone');`;

function judgeInterval(
  contract: SourceContract,
  of: StreamOf,
  confirmed: string,
  seed: string,
  flush: string,
): Proposal {
  if (compareLsn(confirmed, seed) <= 0 && compareLsn(seed, flush) <= 0) return NOTHING;
  return block({
    code: 'SEED_LSN_OUT_OF_RANGE',
    seen: `database ${of.database}: seed LSN ${seed} is not between the slot's ${confirmed} and the source's ${flush}`,
    why: 'the clone was not taken from this source after the slot, so changes would be skipped or repeated',
    next:
      compareLsn(seed, flush) > 0
        ? `if it is only ahead of an idle source, let the source write and plan again; if that changes nothing: ${newClone(contract)}; in database ${of.database} on the source: ${WRITE}`
        : newClone(contract),
  });
}

/** A clone under the ticket came with every database whose publication carries it. */
function databaseGone(contract: SourceContract, of: StreamOf): Refusal {
  return {
    code: 'DATABASE_NOT_ON_CLONE',
    seen: `database ${of.database} is not on the clone any more, which came with it`,
    why: 'it was dropped there, and its stream with it; production keeps WAL for it meanwhile',
    next: newClone(contract),
  };
}

function wrongClone(
  contract: SourceContract,
  target: TargetObservation,
  of: StreamOf,
  inherited: string | null,
): Refusal {
  const without = target.databases[of.database]?.exists ? 'carries no ticket' : 'does not exist';
  return {
    code: 'CLONE_NOT_UNDER_TICKET',
    seen: `database ${of.database} on the clone ${inherited === null ? without : `carries ticket ${inherited}, not the present one`}`,
    why: 'the clone was taken before the slots were there: changes between the two would be missing',
    next: newClone(contract),
  };
}

function publicationAltered(contract: SourceContract, of: StreamOf, altered: readonly string[]): Refusal {
  return {
    code: 'PUBLICATION_ALTERED',
    seen: `publication ${of.stream.publication} in database ${of.database} was altered on the source since the clone was taken, and may have been put back: ${someOf(altered)}`,
    why: 'what was written while a table, an operation or a row was not published never reaches the clone',
    next: newClone(contract),
  };
}

function noSeedLsn(contract: SourceContract, target: TargetObservation): Refusal {
  return {
    code: 'SEED_LSN_MISSING',
    seen: target.seedFunctionExists
      ? 'aurora_volume_logical_start_lsn() returns no LSN on the clone'
      : 'the clone has no function aurora_volume_logical_start_lsn()',
    why: 'it alone tells which WAL position the data of the clone stands at; no other function is a substitute',
    next: `upgrade the source to a version that has it (10.20, 11.15, 12.10, 13.6, 14.3, 15.2 or later), then ${newClone(contract)}`,
  };
}

function slotActive(of: StreamOf, pid: number | null): Refusal {
  return {
    code: 'SLOT_ACTIVE',
    seen: `replication slot ${of.stream.slot} is read by process ${pid ?? '(unknown)'} on the source before the clone was connected`,
    why: 'somebody else consumes the changes that the clone needs',
    next: `stop that consumer where it runs and plan again, which says whether it has taken anything; to end its session, in database ${of.database} on the source: SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ${quoteLiteral(of.stream.slot)} AND active;`,
  };
}

/** What was read before the clone was taken is in its data: nobody took that from it, and most often its forerunner did. */
function slotConsumed(
  contract: SourceContract,
  of: StreamOf,
  now: string | null,
  ticketed: string,
  seed: string,
): Refusal {
  const before = now !== null && compareLsn(ticketed, now) < 0 && compareLsn(now, seed) <= 0;
  const stands = `replication slot ${of.stream.slot} stands at ${now ?? 'no position'}; the clone ticket recorded ${ticketed}`;
  return {
    code: 'SLOT_CONSUMED',
    seen: before ? `${stands}, and the clone's seed LSN is ${seed}: it was read before this clone was taken` : stands,
    why: before
      ? 'an earlier clone under the same ticket reads like that, and so would anybody else; a ticket is good for one clone, whose slots nobody has read'
      : 'somebody consumed changes that the clone has not got; they would be missing',
    next: newClone(contract),
  };
}
