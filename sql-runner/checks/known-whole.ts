import { compareLsn } from '../postgres/text/lsn';

/** Up to where nobody else can have taken anything, whatever was at the slot before. */
export interface KnownWhole {
  /** ISO 8601 by the source's clock: until then one reader was there of whose coming was looked at; null: not known. */
  readonly seenUntil: string | null;
  /** The position up to which the clone is whole: that of its ticket, or of a comparison of rows; null: not known. */
  readonly wholeTo: string | null;
}

/** Of several times and positions the last ones. */
export function knownWhole(times: readonly string[], positions: readonly string[]): KnownWhole {
  const last = (one: string, other: string) => (Date.parse(one) > Date.parse(other) ? one : other);
  const furthest = (one: string, other: string) => (compareLsn(one, other) > 0 ? one : other);
  return {
    seenUntil: times.length === 0 ? null : times.reduce(last),
    wholeTo: positions.length === 0 ? null : positions.reduce(furthest),
  };
}
