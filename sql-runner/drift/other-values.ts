import type { ShapePair } from '../model/survey';
import type { ColumnShape } from '../postgres/catalog/table-shapes';

/** How a column came that both sides have, and that has other values in the rows of before; null: nothing tells that. */
export const otherValues = (pair: ShapePair, there: ColumnShape, here: ColumnShape): string | null =>
  addedAgain(pair, there, here) ?? addedUnlike(pair, there, here);

/**
 * The number of a column that was dropped is not given again: who has another
 * number in its place has lost the values that the other side still holds.
 */
function addedAgain(pair: ShapePair, there: ColumnShape, here: ColumnShape): string | null {
  if (!pair.same || there.generated !== '') return null;
  const [production, clone] = [pair.there.dropped.includes(here.number), pair.here.dropped.includes(there.number)];
  if (production === clone) return null;
  return production
    ? `dropped and added again ${withValue(there)} on the source, and has the values of before on the clone`
    : `dropped and added again ${withValue(here)} on the clone, and has the values of before on the source`;
}

const withValue = ({ missing }: ColumnShape): string =>
  missing === null ? 'with no value that is kept beside the rows' : `with ${missing}`;

/** A default that was evaluated once on each side, or on one side only. */
function addedUnlike(pair: ShapePair, there: ColumnShape, here: ColumnShape): string | null {
  if (there.missing === here.missing) return null;
  // A side that has written its rows anew keeps the value in them, where it cannot be seen.
  const untouched = pair.same && pair.there.file === pair.here.file;
  if ((there.missing === null || here.missing === null) && !untouched) return null;
  return `added with ${there.missing ?? 'NULL'} on the source and with ${here.missing ?? 'NULL'} on the clone`;
}
