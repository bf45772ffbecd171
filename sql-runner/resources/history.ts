import type { BeatFacts } from '../model/heartbeat-facts';
import type { SubscriptionMark } from '../model/mark';
import type { SlotMove } from '../model/slot-witness';
import { compareLsn } from '../postgres/text/lsn';
import { ancestorsOf, excusedBy, unfollowed } from './beat-chain';

/** Where the heartbeats of the two sides contradict each other. */
export type Contradiction = BrokenHistory | DoubtfulHistory;

/** Changes are missing, or are of another source. */
export interface BrokenHistory {
  readonly kind: Broken;
  readonly beat: BeatFacts;
}

/** Somebody may as well have deleted beats as taken changes away: only the rows tell which. */
export interface DoubtfulHistory {
  readonly kind: Doubtful;
  readonly beat: BeatFacts;
}

type Broken =
  /** What the slot has given away beyond it, nobody has applied on the clone. */
  | 'never applied'
  /** The clone got it, and the source does not know of it. */
  | 'unknown to the source'
  /** The clone got it, and not the one before it. */
  | 'after another one';

type Doubtful =
  /** The clone has gone beyond it, and does not have it. */
  | 'missing on the clone'
  /** Those after it say that the source had it. */
  | 'deleted on the source'
  /** Neither side has the one before it, and the source has older ones. */
  | 'after a deleted one';

const BROKEN: readonly Contradiction['kind'][] = ['never applied', 'unknown to the source', 'after another one'];

export const isBroken = (found: Contradiction): found is BrokenHistory => BROKEN.includes(found.kind);

/** Beats that a heartbeat keeps: enough to prove a long history; every plan reads all of them. */
export const KEPT_BEATS = 100;

/** What is known beside the beats. */
export interface Known {
  /** Where the clone's origin stands; absent: nowhere. */
  readonly origin?: string;
  /** By somebody else, see slot-moved.ts. */
  readonly move?: SlotMove | null;
  /** Of the mark: the source's newest when every row was compared and equal. */
  readonly beat?: SubscriptionMark['beat'];
  readonly kept?: number;
}

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
  { kept = KEPT_BEATS, ...known }: Known = {},
): Contradiction | null {
  const [isHere, isThere] = [source, clone].map(holding) as [Holds, Holds];
  const isPruned = (number: number, by: readonly BeatFacts[]) => number <= newest(by) - kept;
  const isPassed = (beat: BeatFacts) =>
    beat.number < newest(clone) || (beat.passed !== null && compareLsn(passed, beat.passed) >= 0);
  const isExcused = excusedBy(known.beat ?? null, source, clone);
  const unknown = clone.filter((beat) => !isHere(beat) && !isPruned(beat.number, source));
  const missing = source.filter((beat) => !isThere(beat) && !isPruned(beat.number, clone) && isPassed(beat));
  const unexcused = missing.filter((beat) => !isExcused(beat));
  const gap = unfollowed(source, clone, newest(clone) - kept, (beat) => isExcused(beat) || follows(beat, known.beat));
  const wasHere = ancestorsOf(source.filter(isThere), [...source, ...clone]);
  const told: readonly (Contradiction | null)[] = [
    as('unknown to the source')(unknown.find((beat) => !wasHere.has(beat.id))),
    gap === null || gap.deleted ? null : { kind: 'after another one', beat: gap.beat },
    as('never applied')(unexcused.find((beat) => isNeverApplied(beat, passed, known))),
    as('missing on the clone')(unexcused[0]),
    as('deleted on the source')(unknown.find((beat) => !isExcused(beat))),
    as('after a deleted one')(gap?.beat),
  ];
  return told.find((one) => one !== null) ?? null;
}

const follows = ({ previous }: BeatFacts, beat: Known['beat']): boolean => beat !== undefined && previous === beat.id;

const newest = (beats: readonly BeatFacts[]): number => Math.max(...beats.map(({ number }) => number));

const as =
  (kind: Contradiction['kind']) =>
  (beat: BeatFacts | undefined): Contradiction | null =>
    beat === undefined ? null : { kind, beat };

/**
 * What a worker has applied its origin has passed: a beat that begins behind the origin, and that the slot has given
 * away, was applied by nobody. So it is with one that the slot was moved over. Where the origin has gone beyond both, it
 * may as well have been deleted since.
 */
function isNeverApplied(beat: BeatFacts, passed: string, { origin, move }: Known): boolean {
  const { lsn } = beat;
  if (lsn === undefined) return false;
  const isGone = beat.passed !== null && compareLsn(passed, beat.passed) >= 0;
  if (origin !== undefined && compareLsn(origin, lsn) < 0 && isGone) return true;
  // Where a beat ended, serve does not write down; it is a few bytes behind where it began.
  return move != null && move.to !== null && compareLsn(move.from, lsn) <= 0 && compareLsn(move.to, lsn) > 0;
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
