import type { SourceContract } from '../../contract/contract';
import type { Finding, Refusal } from '../model/change';
import type { SubscriptionMark } from '../model/mark';
import type { Observation, SourceObservation } from '../model/observation';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { newClone } from '../model/streams';
import { compareLsn } from '../postgres/text/lsn';

export type Hold = NonNullable<SubscriptionMark['held']>;

/** What was recorded of a stream that is held; null: it is not. One that somebody enabled meanwhile is held no more. */
export function holdOf({ subscription, subscriptionMark }: StreamFacts): Hold | null {
  return subscription?.enabled === false ? (subscriptionMark?.held ?? null) : null;
}

/** The names of the subscriptions that are disabled by consent. */
export const heldIn = (contract: SourceContract, observation: Observation): string[] =>
  streamFacts(contract, observation).flatMap((of) => (holdOf(of) === null ? [] : [of.stream.subscription]));

type Judged =
  | { readonly kind: 'proven' }
  | { readonly kind: 'not proven'; readonly seen: string; readonly why: string }
  | { readonly kind: 'broken'; readonly finding: Refusal };

const LATER =
  'the record was made by a run that came back after one had died, and what happened in between only the rows can tell';
const UPGRADED =
  'an upgrade keeps a slot only where all before it was consumed, and gives it a new position; that it was not made anew by hand only the rows can tell';

const EITHER =
  'a worker that ran meanwhile has applied what the slot gave away, and anybody else who read or moved the slot has taken it from the clone: which of them it was only the rows can tell';

/**
 * Whether a stream that is held stands where it was when that was recorded.
 *
 * The origin says what the clone has, and must not have moved. A slot that is further on has given changes away: to the
 * stream's own worker, where somebody has enabled it for a while. Only where nobody has altered a subscription since, it
 * was somebody else. One that has fallen behind loses nothing: after a crash a server has the position of its last checkpoint
 * (LogicalConfirmReceivedLocation in logical.c writes nothing for the position alone), and PostgreSQL goes on at the
 * later one of slot and origin.
 *
 * pg_upgrade makes the slots of 17 and later anew, at a position of the new server, and refuses unless all before was
 * consumed (check_old_cluster_for_valid_slots in check.c); a slot that was made by hand after it looks the same.
 * @param altered somebody altered a subscription of the clone since; null: not known
 */
export function judgeHeld(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  origin: string,
  altered: boolean | null,
): Judged | null {
  const hold = holdOf(of);
  if (hold === null) return null;
  const confirmed = of.slot?.confirmedFlushLsn ?? null;
  // Of a slot that is gone planSlot tells.
  if (confirmed === null) return { kind: 'proven' };
  const where = `database ${of.database}: origin ${origin}, slot ${of.stream.slot} at ${confirmed}`;
  if (hold.open !== undefined)
    return { kind: 'not proven', seen: `${where}, and the hold was not recorded whole`, why: LATER };
  const then = `${where}; when it was held the origin stood at ${hold.origin}, and the slot had given away what is before ${hold.confirmed} only`;
  if (compareLsn(origin, hold.origin) < 0) return broken(contract, then);
  if (origin !== hold.origin) return movedOn(contract, then, altered);
  // Where it is not known, nothing tells an upgrade from somebody who read the slot.
  const [before, now] = [majorOf(hold.version ?? Infinity), majorOf(source.server.versionNum)];
  if (now > before && before >= 17)
    return {
      kind: 'not proven',
      seen: `${where}; the source was upgraded from PostgreSQL ${before} to ${now} since it was held`,
      why: UPGRADED,
    };
  return compareLsn(confirmed, hold.confirmed) > 0 ? movedOn(contract, then, altered) : { kind: 'proven' };
}

function movedOn(contract: SourceContract, then: string, altered: boolean | null): Judged {
  if (altered === false) return broken(contract, `${then}; nobody has altered a subscription of the clone since`);
  const enabled =
    altered === null
      ? 'whether somebody has enabled it for a while is not known'
      : 'somebody has altered a subscription of the clone since, as whoever enables one for a while does';
  return { kind: 'not proven', seen: `${then}; ${enabled}`, why: EITHER };
}

const majorOf = (version: number): number => Math.floor(version / 10_000);

function broken(contract: SourceContract, seen: string): Judged {
  return {
    kind: 'broken',
    finding: {
      code: 'HOLD_BROKEN',
      seen,
      why: 'somebody read or moved the slot, made it anew, or moved the origin, while the stream was held: changes that the clone has not got may be gone',
      next: newClone(contract),
    },
  };
}

/** What apply is refused with, and what doctor warns of. */
export function heldFinding(contract: SourceContract, of: StreamFacts, hold: Hold): Finding {
  const { environment } = contract;
  return {
    code: 'STREAM_HELD',
    severity: 'block',
    seen: `the stream of database ${of.database} is held by consent since ${hold.at}; the clone stands at ${hold.origin}`,
    why: 'it was disabled on purpose, so nothing enables it on the way; production keeps all WAL from there on, until it goes on or its slot is dropped',
    next: `when what it is held for is over: sql-runner resume ${environment}`,
  };
}

/** A held stream is as somebody wants it: it stops an apply, and is no fault. */
export const asConsented = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => (finding.code === 'STREAM_HELD' ? { ...finding, severity: 'warn' } : finding));
