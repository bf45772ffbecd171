import type { BeatFacts } from '../model/heartbeat-facts';

/** How far the beats of a stream have come. */
export interface Arrival {
  /** ISO 8601: when the newest beat that has arrived was written. Up to then nothing was skipped. null: none has. */
  readonly provenUntil: string | null;
  /** How long the oldest one that has not arrived is on its way, in seconds; null: all have. */
  readonly waiting: number | null;
}

/** Of histories that do not contradict each other; see history.ts. */
export function arrivalOf(source: readonly BeatFacts[], clone: readonly BeatFacts[]): Arrival {
  const there = new Set(clone.map(({ id }) => id));
  const arrived = source.findLast(({ id }) => there.has(id));
  const onTheWay = source.find(({ number }) => number > (arrived?.number ?? -Infinity));
  return { provenUntil: arrived?.at ?? null, waiting: onTheWay?.age ?? null };
}
