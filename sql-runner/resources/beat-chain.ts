import type { BeatFacts } from '../model/heartbeat-facts';
import type { SubscriptionMark } from '../model/mark';

type Compared = NonNullable<SubscriptionMark['beat']>;

/**
 * Ids of those that others follow on. A source that has one of these others had them too: each is named by a random id,
 * and one that was put back to before them would not have what came after.
 */
export function ancestorsOf(beats: readonly BeatFacts[], known: readonly BeatFacts[]): ReadonlySet<string> {
  const previous = new Map(known.map((beat) => [beat.id, beat.previous]));
  const before = new Set<string>();
  for (const beat of beats)
    for (let id = beat.previous; id !== null && !before.has(id); id = previous.get(id) ?? null) before.add(id);
  return before;
}

/**
 * When every row was compared and equal the source had this beat, and so all before it: what took one of them from a
 * side took no row along. By its id, not by a position: a source that was put back writes other beats at the same ones.
 */
export function excusedBy(
  compared: Compared | null,
  source: readonly BeatFacts[],
  clone: readonly BeatFacts[],
): (beat: BeatFacts) => boolean {
  if (compared === null) return () => false;
  const isIt = ({ id, number }: BeatFacts) => id === compared.id && number === compared.number;
  const all = [...source, ...clone];
  const before = ancestorsOf(all.filter(isIt), all);
  const isKnown = source.some(isIt);
  return (beat) => isIt(beat) || before.has(beat.id) || (isKnown && beat.number <= compared.number);
}

/** Where what the clone has got does not follow on what it had got before. */
export interface Gap {
  readonly beat: BeatFacts;
  /** By somebody, as the source still has what was before it, and so has not pruned it. */
  readonly deleted: boolean;
}

/**
 * A source that was put back writes on from an earlier beat. By the time it has written as many as are kept, it looks
 * as if it had pruned what the clone has of before. What arrives then does not follow on that, and nothing removes it:
 * each beat brings along that the one that is `kept` before it goes.
 * @param pruned the number up to which whoever has got the newest has none left
 */
export function unfollowed(
  source: readonly BeatFacts[],
  clone: readonly BeatFacts[],
  pruned: number,
  isExcused: (beat: BeatFacts) => boolean,
): Gap | null {
  const all = [...source, ...clone];
  const [ids, numbers] = [new Set(all.map(({ id }) => id)), new Set(all.map(({ number }) => number))];
  const oldest = (beats: readonly BeatFacts[]) => Math.min(...beats.map(({ number }) => number));
  const [oldestHere, oldestThere] = [oldest(source), oldest(clone)];
  const seen = new Set<number>();
  let gap: BeatFacts | null = null;
  for (const beat of clone) {
    if (seen.has(beat.number) || beat.number <= pruned) return { beat, deleted: false };
    seen.add(beat.number);
    if (beat.number === oldestThere || beat.previous === null || ids.has(beat.previous) || isExcused(beat)) continue;
    if (numbers.has(beat.number - 1) || oldestHere >= beat.number - 1) return { beat, deleted: false };
    gap ??= beat;
  }
  return gap === null ? null : { beat: gap, deleted: true };
}
