import { shellWord } from '../../errors/shell-word';
import { newClone } from '../model/streams';
import { displayTable } from '../model/table-selection';
import type { DefinitionsCheck } from './check';
import { columnOf } from '../drift/column-pairs';
import { otherValues } from '../drift/other-values';
import { eachPair } from './each-pair';

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
        const seen = here === undefined ? null : otherValues(pair, there, here);
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
