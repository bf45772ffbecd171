import { shellWord } from '../../errors/shell-word';
import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { newClone } from '../model/streams';
import { displayTable } from '../model/table-selection';
import type { DefinitionsCheck } from './check';
import { columnOf } from './column-pairs';
import { eachPair } from './each-pair';
import type { ShapePair } from '../model/survey';

/** Columns of one name with other values: what was done to each since the clone was taken is not replicated. */
export const addedValues: DefinitionsCheck = {
  code: 'ADDED_VALUES_DIFFER',
  both: 'definitions',
  holds: 'a column that was added on both sides, or again on one, has the same values in the rows of before',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) =>
      pair.there.columns.flatMap((there) => {
        const here = columnOf(pair.here, there.name);
        const seen = here === undefined ? null : (addedAgain(pair, there, here) ?? addedUnlike(pair, there, here));
        if (seen === null) return [];
        return [
          {
            severity: 'warn',
            seen: `column ${there.name} of table ${displayTable(pair.there)} in database ${pair.database} was ${seen}`,
            why: 'rows that were there before, and were not written since, have these values: no change brings the one to the other side',
            next: `sql-runner verify ${scope.contract.environment} --database ${shellWord(pair.database)} compares them; where they differ, ${newClone(scope.contract)}`,
          },
        ];
      }),
    ),
};

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
