export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly bytes: number;
}

export interface Growth {
  readonly before: number;
  readonly after: number;
  readonly bound: number;
  readonly grew: boolean;
}

const FACTOR = 1.3;
const ROOM = 30 * 2 ** 20;
/** The last part of all samples that says how large it is in the end. */
const LAST = 0.1;

/**
 * Whether a process took more and more memory. What it takes at its start, until it has done everything once, is no
 * growth; nor is what a collection has yet to give back.
 *
 * @param warmAt until then it warmed up
 */
export function growthOf(samples: readonly Sample[], warmAt: number): Growth {
  const warm = samples.filter(({ at }) => at <= warmAt).map(({ bytes }) => bytes);
  const later = samples.filter(({ at }) => at > warmAt).map(({ bytes }) => bytes);
  if (warm.length === 0 || later.length === 0) throw new Error('too few samples to tell whether it grew');
  const before = Math.max(...warm);
  const after = median(later.slice(-Math.max(1, Math.round(samples.length * LAST))));
  const bound = FACTOR * before + ROOM;
  return { before, after, bound, grew: after > bound };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
