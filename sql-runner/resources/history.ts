import type { BeatFacts } from '../model/heartbeat-facts';
import { compareLsn } from '../postgres/text/lsn';

/** Where the heartbeats of the two sides contradict each other. */
export type Contradiction =
  /** The clone has gone beyond it without having got it. */
  | { readonly kind: 'missing on the clone'; readonly beat: BeatFacts }
  /** The clone got it, and the source does not know of it. */
  | { readonly kind: 'unknown to the source'; readonly beat: BeatFacts }
  /** The clone got it, and not the one before it. */
  | { readonly kind: 'after another one'; readonly beat: BeatFacts };

/** Beats that a heartbeat keeps: enough to prove a long history; every plan reads all of them. */
export const KEPT_BEATS = 100;

/**
 * Whether what both sides hold is one history, null when nothing speaks
 * against it. A side has pruned what is KEPT_BEATS behind its newest, and
 * nothing else: who gives it one beat that it lacks has to give it all of them.
 *
 * The clone must have been read first, its origin before its beats, and the
 * source last: then what the clone has applied is on the source, and what the
 * origin has passed is on the clone. So is what the slot had confirmed before
 * the clone was read: a worker confirms a commit once it is on its disk
 * (get_flush_position in worker.c), and no earlier a position behind it.
 * @param passed what the clone must have: where its origin stands, or its slot where that is further
 */
export function contradiction(
  source: readonly BeatFacts[],
  clone: readonly BeatFacts[],
  passed: string,
  kept = KEPT_BEATS,
): Contradiction | null {
  const [isHere, isThere] = [source, clone].map(holding) as [Holds, Holds];
  const newest = (beats: readonly BeatFacts[]) => Math.max(...beats.map(({ number }) => number));
  const isPruned = (number: number, by: readonly BeatFacts[]) => number <= newest(by) - kept;
  const unknown = clone.find((beat) => !isHere(beat) && !isPruned(beat.number, source));
  if (unknown !== undefined) return { kind: 'unknown to the source', beat: unknown };
  const isPassed = (beat: BeatFacts) =>
    beat.number < newest(clone) || (beat.passed !== null && compareLsn(passed, beat.passed) >= 0);
  const missing = source.find((beat) => !isThere(beat) && !isPruned(beat.number, clone) && isPassed(beat));
  if (missing !== undefined) return { kind: 'missing on the clone', beat: missing };
  const broken = brokenChain(clone, newest(clone) - kept);
  return broken === null ? null : { kind: 'after another one', beat: broken };
}

/**
 * A source that was put back writes on from an earlier beat. By the time it has written as many as are kept, it looks
 * as if it had pruned what the clone has of before. What arrives then does not follow on that, and nothing removes it:
 * each beat brings along that the one that is `kept` before it goes.
 * @param pruned the number up to which whoever has got the newest has none left
 */
function brokenChain(clone: readonly BeatFacts[], pruned: number): BeatFacts | null {
  const ids = new Set(clone.map(({ id }) => id));
  const oldest = Math.min(...clone.map(({ number }) => number));
  const seen = new Set<number>();
  for (const beat of clone) {
    const follows = beat.number === oldest || beat.previous === null || ids.has(beat.previous);
    if (!follows || seen.has(beat.number) || beat.number <= pruned) return beat;
    seen.add(beat.number);
  }
  return null;
}

type Holds = (beat: BeatFacts) => boolean;

/** Under another number, or after another one, it is not the same beat; a column that was lost tells nothing. */
function holding(beats: readonly BeatFacts[]): Holds {
  const byId = new Map(beats.map((beat) => [beat.id, beat]));
  return ({ id, number, previous }) => {
    const found = byId.get(id);
    if (found === undefined || found.number !== number) return false;
    return previous === null || found.previous === null || found.previous === previous;
  };
}
