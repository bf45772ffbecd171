import type { Alteration, CountWitness } from '../model/count-witness';
import type { AlteringLog } from './altering-log';

/** Up to when it is known that nobody had altered a subscription, by the clone's clock. */
export interface KnownCounted {
  /** When a run remembered the count; null: its mark does not tell. */
  readonly marked: string | null;
  /** That run had altered subscriptions itself. */
  readonly altering: boolean;
  /** When whoever looks again and again last found that nothing was altered since; null: not known. */
  readonly looked: string | null;
}

/** Sessions tell what they have done within ten seconds of idling at the latest (PGSTAT_IDLE_INTERVAL in pgstat.c). */
const TOLD_LATE_MS = 10_000;
/** A worker sees that it was altered between two transactions, or within a second of waiting. */
const LOGGED_LATE_MS = 10_000;
/** RDS writes whole seconds, cut off. */
const SECOND_MS = 1_000;

/**
 * What the clone's log tells of the time between when the count was last known and when it began anew.
 * @param standing the subscription is altered or disabled now, which the last line about it tells as well
 */
export function countWitnessOf(
  log: AlteringLog,
  subscription: string,
  known: KnownCounted,
  standing: boolean,
): Pick<CountWitness, 'unread' | 'altered'> {
  const from = knownUntil(known);
  if (from === null) return { unread: 'when the count was last known is not written down', altered: null };
  const since = log.altered.filter((one) => isOf(one, subscription) && isAfter(one, from));
  const own = withoutRun(since, known);
  const altered = (standing ? own.slice(0, -1) : own).at(-1) ?? null;
  return { unread: untold(log, subscription, from, known), altered };
}

function untold(log: AlteringLog, subscription: string, from: number, known: KnownCounted): string | null {
  if (log.since === null) return 'it has nothing that could be read';
  const since = new Date(from).toISOString();
  if (Date.parse(log.since) > from)
    return `read from ${log.since} on, it does not reach back to ${since}, when the count was last known`;
  const crash = log.crashes.find((at) => Date.parse(at) + SECOND_MS > from);
  if (crash === undefined) return `it does not tell of a crash since ${since}: another server may have counted before`;
  const away = log.started.find(
    (one) =>
      one.subscription === subscription &&
      isAfter(one, Math.max(from, runUntil(known))) &&
      Date.parse(one.at) < Date.parse(crash),
  );
  return away === undefined ? null : `no worker was there until ${away.at}, and nobody logs what is altered meanwhile`;
}

function knownUntil({ marked, looked }: KnownCounted): number | null {
  const times = [
    ...(marked === null ? [] : [Date.parse(marked)]),
    ...(looked === null ? [] : [Date.parse(looked) - TOLD_LATE_MS]),
  ];
  return times.length === 0 ? null : Math.max(...times);
}

/** Until then a worker may log what the run did that wrote the mark: none of somebody else's doing. */
const runUntil = ({ marked, altering }: KnownCounted): number =>
  marked !== null && altering ? Date.parse(marked) + LOGGED_LATE_MS : -Infinity;

/** It restarts once for all that a run has put back or rotated; one that a run disables has ended before that goes on. */
function withoutRun(altered: readonly Alteration[], known: KnownCounted): readonly Alteration[] {
  const [first, ...others] = altered;
  const isOfRun = first !== undefined && BY_RUN.test(first.what) && !isAfter(first, runUntil(known));
  return isOfRun ? others : altered;
}

const BY_RUN = /(?:of a parameter change|was changed|were changed)$/;

const isAfter = ({ at }: Pick<Alteration, 'at'>, from: number): boolean => Date.parse(at) + SECOND_MS > from;

const isOf = ({ subscription }: Alteration, name: string): boolean => subscription === null || subscription === name;
