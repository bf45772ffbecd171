import type { Alteration, CountWitness, WorkerThen } from '../model/count-witness';
import { settingWords } from './log-settings';
import type { AlteringLog, Passage } from './altering-log';

/** Up to when it is known that nobody had altered a subscription, by the clone's clock. */
export interface KnownCounted {
  /** What a run remembered with the count; null: its mark does not tell. */
  readonly marked: Seen | null;
  /** That run had altered subscriptions itself. */
  readonly altering: boolean;
  /** When whoever looks again and again last found that nothing was altered since; null: not known. */
  readonly looked: Seen | null;
}

export interface Seen {
  readonly at: string;
  readonly worker: WorkerThen;
}

/** How a subscription stands now that the last line about it explains: held by consent, or altered; null: as it was made. */
export type Standing = 'held' | 'altered' | null;

/** Sessions tell what they have done within ten seconds of idling at the latest (PGSTAT_IDLE_INTERVAL in pgstat.c). */
const TOLD_LATE_MS = 10_000;
/** A worker sees that it was altered between two transactions, or within a second of waiting. */
const LOGGED_LATE_MS = 10_000;
/** RDS writes whole seconds, cut off. */
const SECOND_MS = 1_000;

/**
 * What the clone's log tells of the time between when the count was last known and when it began anew.
 */
export function countWitnessOf(
  log: AlteringLog,
  subscription: string,
  known: KnownCounted,
  standing: Standing,
): Pick<CountWitness, 'unread' | 'altered'> {
  const from = knownFrom(known);
  if (from === null) return { unread: 'when the count was last known is not written down', altered: null };
  const since = log.altered.filter((one) => isOf(one, subscription) && isAfter(one, from));
  const own = withoutRun(since, known);
  const altered = (standing === null ? own : own.slice(0, -1)).at(-1) ?? null;
  return { unread: untold(log, from) ?? gap(log, subscription, known, standing, from), altered };
}

function untold(log: AlteringLog, from: number): string | null {
  if (log.since === null) return 'it has nothing that could be read';
  const since = new Date(from).toISOString();
  if (Date.parse(log.since) > from)
    return `read from ${log.since} on, it does not reach back to ${since}, when the count was last known`;
  const changed = log.settings.find(({ at }) => at === null || Date.parse(at) + SECOND_MS > from);
  if (changed !== undefined) return settingWords(changed);
  if (log.course.some((one) => one.kind === 'crashed' && isAfter(one, from))) return null;
  return `it does not tell of a crash since ${since}: another server may have counted before`;
}

/**
 * Only a worker logs that its subscription was altered. So nobody has altered it where one and the same ran from when the
 * count was last known until the crash: no other began, and it did not end. What is held has none: its positions tell.
 */
function gap(
  { course }: AlteringLog,
  subscription: string,
  known: KnownCounted,
  standing: Standing,
  from: number,
): string | null {
  let { worker, ended }: Course = { worker: workerAt(known, from), ended: null };
  for (const one of untilCrash(course).filter((passage) => isAfter(passage, from))) {
    if (one.kind === 'crashed') return away(`the server crashed at ${one.at} as well`);
    const isOfRun = !isAfter(one, runUntil(known));
    if (one.kind === 'began' && one.subscription === subscription) {
      // Seen by the run that remembered the count, it had begun before.
      if (one.pid === worker && isOfMark(known, from)) continue;
      if (!isOfRun) return away(`no worker was there until ${one.at}`);
      [worker, ended] = [one.pid, null];
    } else if (one.kind === 'ended' && one.pid === worker) [worker, ended] = [null, one];
  }
  if (ended !== null)
    return ended.altered && standing !== null ? null : away(`its worker ended at ${ended.at}, and no other came`);
  if (worker === null) return away('whether a worker was there when the count was last known is not written down');
  if (worker === 'held' && standing !== 'held') return away('it was held by consent, and is no more');
  return null;
}

interface Course {
  readonly worker: WorkerThen;
  readonly ended: Extract<Passage, { kind: 'ended' }> | null;
}

const away = (seen: string): string => `${seen}, and nobody logs what is altered meanwhile`;

/** Up to the last one: it is that with which the count began that goes on. */
const untilCrash = (course: readonly Passage[]): readonly Passage[] =>
  course.slice(
    0,
    course.findLastIndex(({ kind }) => kind === 'crashed'),
  );

const markedAt = ({ marked }: KnownCounted): number => (marked === null ? -Infinity : Date.parse(marked.at));
const lookedAt = ({ looked }: KnownCounted): number =>
  looked === null ? -Infinity : Date.parse(looked.at) - TOLD_LATE_MS;

function knownFrom(known: KnownCounted): number | null {
  const from = Math.max(markedAt(known), lookedAt(known));
  return from === -Infinity ? null : from;
}

const isOfMark = (known: KnownCounted, from: number): boolean => markedAt(known) === from;

const workerAt = (known: KnownCounted, from: number): WorkerThen =>
  (isOfMark(known, from) ? known.marked : known.looked)!.worker;

/** Until then a worker may log what the run did that wrote the mark: none of somebody else's doing. */
const runUntil = ({ marked, altering }: KnownCounted): number =>
  marked !== null && altering ? Date.parse(marked.at) + LOGGED_LATE_MS : -Infinity;

/** It restarts once for all that a run has put back or rotated; one that a run disables has ended before that goes on. */
function withoutRun(altered: readonly Alteration[], known: KnownCounted): readonly Alteration[] {
  const [first, ...others] = altered;
  const isOfRun = first !== undefined && BY_RUN.test(first.what) && !isAfter(first, runUntil(known));
  return isOfRun ? others : altered;
}

const BY_RUN = /(?:of a parameter change|was changed|were changed)$/;

const isAfter = ({ at }: Pick<Alteration, 'at'>, from: number): boolean => {
  const isCut = at.endsWith('.000Z');
  return Date.parse(at) + (isCut ? SECOND_MS : 1) > from;
};

const isOf = ({ subscription }: Alteration, name: string): boolean => subscription === null || subscription === name;
