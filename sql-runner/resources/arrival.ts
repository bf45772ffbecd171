import type { BeatFacts } from '../model/heartbeat-facts';

/** How far the beats of a stream have come. */
export interface Arrival {
  /** ISO 8601: when the newest beat that proves something was written. Up to then nothing was skipped. null: none does. */
  readonly provenUntil: string | null;
  /** How long the oldest one that has not arrived is on its way, in seconds; null: all have. */
  readonly waiting: number | null;
}

/**
 * Of histories that do not contradict each other; see history.ts.
 * @param looked what arrived proves nothing where it was written later, ISO 8601; null: none does, absent: all do
 */
export function arrivalOf(source: readonly BeatFacts[], clone: readonly BeatFacts[], looked?: string | null): Arrival {
  const there = new Set(clone.map(({ id }) => id));
  const arrived = source.filter(({ id }) => there.has(id));
  const latest = looked === undefined ? Infinity : looked === null ? -Infinity : Date.parse(looked);
  const onTheWay = source.find(({ number }) => number > (arrived.at(-1)?.number ?? -Infinity));
  const proof = arrived.findLast(({ at }) => Date.parse(at) <= latest);
  return { provenUntil: proof?.at ?? null, waiting: onTheWay?.age ?? null };
}
