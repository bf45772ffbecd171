import type { BeatFacts } from '../engine/heartbeat-facts';
import { compareLsn } from '../postgres/lsn';

/** Where the heartbeats of the two sides contradict each other. */
export type Contradiction =
  /** The clone has gone beyond it without having got it. */
  | { readonly kind: 'missing on the clone'; readonly beat: BeatFacts }
  /** The clone got it, and the source does not know of it. */
  | { readonly kind: 'unknown to the source'; readonly beat: BeatFacts };

/**
 * Whether what both sides hold is one history, null when nothing speaks
 * against it. Beats that one side has pruned say nothing about the other.
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
): Contradiction | null {
  const [here, there] = [new Set(source.map(({ id }) => id)), new Set(clone.map(({ id }) => id))];
  const oldest = (beats: readonly BeatFacts[]) => Math.min(...beats.map(({ number }) => number));
  const newest = Math.max(...clone.map(({ number }) => number));
  const unknown = clone.find(({ id, number }) => !here.has(id) && (source.length === 0 || number >= oldest(source)));
  if (unknown !== undefined) return { kind: 'unknown to the source', beat: unknown };
  const isPassed = (beat: BeatFacts) =>
    beat.number < newest || (beat.passed !== null && compareLsn(passed, beat.passed) >= 0);
  const missing = source.find(
    (beat) => !there.has(beat.id) && (clone.length === 0 || beat.number >= oldest(clone)) && isPassed(beat),
  );
  return missing === undefined ? null : { kind: 'missing on the clone', beat: missing };
}
