import type { SequencesWanted } from '../model/sequences';
import type { Sequence, SequencePosition } from '../postgres/catalog/sequences';

/** One that is on both sides. */
export interface SequencePair {
  readonly source: Sequence;
  readonly clone: Sequence;
}

/** Why the clone's cannot be put where no value of the source comes again. */
export type Hindrance =
  | { readonly kind: 'unread'; readonly side: 'source' | 'target' }
  /** The clone counts the other way. */
  | { readonly kind: 'direction' }
  /** The clone's may not have that value. */
  | { readonly kind: 'bounds' }
  /** It belongs to another column: it is another sequence, which has its name by now. */
  | { readonly kind: 'column' }
  /** The login may not alter it. */
  | { readonly kind: 'rights' };

export type Standing =
  /** It is where it is to be. */
  | { readonly kind: 'level' }
  /** It is before that by so many increments, or with `back` beyond. */
  | { readonly kind: 'move'; readonly to: SequencePosition; readonly by: bigint; readonly back: boolean }
  /** It is beyond by so many, and nobody said that it be put back. */
  | { readonly kind: 'ahead'; readonly by: bigint }
  | { readonly kind: 'hindered'; readonly by: Hindrance };

export interface Verdict {
  readonly standing: Standing;
  /** There is no room for so much headroom before the end: it goes where the source stands. */
  readonly tight: boolean;
  /** It begins anew at its end, on one side or both: values come again by design. */
  readonly repeats: boolean;
}

/**
 * Where the clone's sequence stands, and where it is to be. Nothing that the source has handed out lies beyond its
 * position: values that sessions keep in their cache lie before it, and whatever was skipped does too. What it had handed
 * out before somebody set it back, or before it began anew at its end, nobody knows any more.
 */
export function verdictOf({ source, clone }: SequencePair, wanted: SequencesWanted): Verdict {
  const repeats = source.cycle || clone.cycle;
  const hindrance = hindranceOf({ source, clone });
  if (hindrance !== null) return { standing: { kind: 'hindered', by: hindrance }, tight: false, repeats };
  const { to, tight } = goalOf(source, clone, BigInt(wanted.headroom));
  return { standing: standingOf({ source, clone }, to, wanted.putBack), tight, repeats };
}

function hindranceOf({ source, clone }: SequencePair): Hindrance | null {
  if (clone.ownedBy !== null && source.ownedBy !== null && !isSameColumn(source, clone)) return { kind: 'column' };
  if (typeof source.position === 'string') return { kind: 'unread', side: 'source' };
  if (typeof clone.position === 'string') return { kind: 'unread', side: 'target' };
  if (directionOf(source) !== directionOf(clone)) return { kind: 'direction' };
  return null;
}

/** Of both sides. A table or column that has another name by now is the same by its number, where it came with the clone. */
export function isSameColumn({ ownedBy: one }: Sequence, { ownedBy: other }: Sequence): boolean {
  if (one === null || other === null) return one === other;
  const isNamed = one.schema === other.schema && one.table === other.table && one.column === other.column;
  return isNamed || one.number === other.number;
}

function standingOf({ source, clone }: SequencePair, to: SequencePosition, putBack: boolean): Standing {
  const here = positionOf(clone);
  const order = compare(here, to, directionOf(source));
  if (order === 0) return { kind: 'level' };
  const by = distance(source, here, to);
  const back = order > 0;
  if (back && !putBack) return { kind: 'ahead', by };
  if (!isWithin(clone, BigInt(to.last))) return { kind: 'hindered', by: { kind: 'bounds' } };
  if (!clone.isOurs) return { kind: 'hindered', by: { kind: 'rights' } };
  return { kind: 'move', to, by, back };
}

/**
 * So many values further, as a session takes as many of them at a time as its cache is large: one that hands out a
 * single value may have taken that many.
 */
function goalOf(source: Sequence, clone: Sequence, headroom: bigint): { to: SequencePosition; tight: boolean } {
  const exact = positionOf(source);
  if (headroom === 0n) return { to: exact, tight: false };
  const last = BigInt(exact.last) + headroom * BigInt(source.cache) * BigInt(source.increment);
  // And one more value, or nothing would be left for the clone to hand out.
  const fits = isWithin(source, last) && isWithin(clone, last) && isWithin(clone, last + BigInt(clone.increment));
  return fits ? { to: { last: String(last), called: exact.called }, tight: false } : { to: exact, tight: true };
}

/**
 * By how many increments the clone's is behind; null: it is not. undefined: the two were not read both, or are not alike
 * enough to be compared.
 */
export function behindBy({ source, clone }: SequencePair): bigint | null | undefined {
  if (hindranceOf({ source, clone }) !== null) return undefined;
  const [here, there] = [positionOf(clone), positionOf(source)];
  return compare(here, there, directionOf(source)) < 0 ? distance(source, here, there) : null;
}

/** Of one that was read. */
const positionOf = ({ position }: Sequence): SequencePosition => position as SequencePosition;

const directionOf = ({ increment }: Sequence): bigint => (increment.startsWith('-') ? -1n : 1n);

const isWithin = ({ min, max }: Sequence, value: bigint): boolean => value >= BigInt(min) && value <= BigInt(max);

/** Whose next value comes later, whatever the increments: a value that is not called yet is to come. */
function compare(one: SequencePosition, other: SequencePosition, direction: bigint): number {
  const apart = (BigInt(one.last) - BigInt(other.last)) * direction;
  if (apart !== 0n) return apart > 0n ? 1 : -1;
  return Number(one.called) - Number(other.called);
}

/** In increments of the source, from one next value to the other; at least one. */
function distance({ increment }: Sequence, one: SequencePosition, other: SequencePosition): bigint {
  const step = BigInt(increment);
  const next = ({ last, called }: SequencePosition) => BigInt(last) + (called ? step : 0n);
  const apart = absolute(next(one) - next(other));
  const steps = (apart + absolute(step) - 1n) / absolute(step);
  return steps === 0n ? 1n : steps;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
