import type { Difference } from './types';

/** One row as one reading met it; null when it was not there. */
export interface RowState {
  readonly content: string;
  /** Identity of the row version, not of the value. */
  readonly version: string;
}

export type Readings = ReadonlyMap<string, RowState>;

/** What one round learnt of one row. */
export interface Sighting {
  readonly source: RowState | null;
  /** Read when it had passed the position behind the source's reading. */
  readonly target: RowState | null;
  /** Every content the source was seen with since, absence included as null. */
  readonly sourceContents: ReadonlySet<string | null>;
  readonly targetContents: ReadonlySet<string | null>;
}

export type Judgement = 'equal' | 'different' | 'open';

/**
 * Pure. Equal: the target, past the position of the source's reading, showed a
 * content that the source had at or after it.
 *
 * Different: in two rounds in a row source and target each showed the very
 * same row version (or none) and these differ. Between the two readings of an
 * unchanged source row the target passed the position of the first one, so
 * nothing on its way can explain what it shows. Where the source has no row, a
 * short-lived one could have come and gone between the readings; but then the
 * target, past the second position, would have lost it again and not show the
 * same version twice.
 */
export function judge(previous: Sighting | undefined, current: Sighting): Judgement {
  for (const content of current.targetContents) if (current.sourceContents.has(content)) return 'equal';
  if (previous === undefined) return 'open';
  const still = sameVersion(previous.source, current.source) && sameVersion(previous.target, current.target);
  return still ? 'different' : 'open';
}

const sameVersion = (a: RowState | null, b: RowState | null): boolean => a?.version === b?.version;

/** Pure. */
export function differenceKind({ source, target }: Sighting): Difference['kind'] {
  if (target === null) return 'missing on target';
  return source === null ? 'extra on target' : 'different';
}
