import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { newClone } from '../model/streams';
import type { Scope, ShapePair } from '../model/survey';
import { displayTable } from '../model/table-selection';
import { addedValues } from './added-values';
import type { DefinitionsCheck } from './check';
import { isInherited, ownDifferences, renamedColumns } from '../drift/column-pairs';
import { columnsAlone } from '../drift/columns-alone';
import { eachPair } from './each-pair';

/** Columns that one side has alone. */
const columns: DefinitionsCheck = {
  code: 'COLUMNS_DIFFER',
  stops: ['connect'],
  both: 'definitions',
  holds: 'the clone has the columns of replicated tables, and none besides that is in the way',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      const found = ownDifferences(pair, columnsAlone);
      if (found.length === 0) return [];
      const stopping = found.some(({ stops }) => stops);
      const actions = found.map(({ action }) => action);
      const besides = [...new Set(found.flatMap((one) => one.besides))];
      return [
        {
          severity: stopping ? 'block' : 'warn',
          seen: `table ${displayTable(pair.there)} in database ${pair.database} on the clone: ${found.map(({ seen }) => seen).join(', ')}`,
          why: stopping
            ? 'DDL is not replicated; the apply worker stops at the first row that does not fit'
            : 'DDL is not replicated; the worker goes on, and the rows of both sides have other columns',
          next: actions.includes(null)
            ? `the values of rows that were there before are not replicated and cannot be made up; ${newClone(scope.contract)}`
            : `${besides.map((text) => `${text}; `).join('')}in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} ${actions.join(', ')};`,
        },
      ];
    }),
};

const renamed: DefinitionsCheck = {
  code: 'COLUMN_RENAMED',
  stops: ['connect'],
  both: 'definitions',
  holds: 'no replicated column was renamed on one side only',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) =>
      ownDifferences(pair, (one) =>
        isOf(scope.renaming, pair)
          ? []
          : renamedColumns(one).map((both) => ({ ...both, key: `${both.from.name} ${both.to.name}` })),
      ).map(({ from, to }) => ({
        severity: 'block',
        seen: `column ${to.name} of table ${displayTable(pair.there)} in database ${pair.database} is ${from.name} on the clone`,
        why: 'DDL is not replicated; the apply worker finds columns by name, and stops at the first row',
        next: isOf(scope.renamable, pair)
          ? `sql-runner apply ${scope.contract.environment} renames it on the clone once its stream comes to it`
          : isInherited(from)
            ? `in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} RENAME COLUMN ${quoteIdent(from.name)} TO ${quoteIdent(to.name)};`
            : `${from.name} was changed on the clone, so that it cannot be told whether it is the same column; ${newClone(scope.contract)}`,
      })),
    ),
};

const isOf = (tables: Scope['renaming'], { database, there }: ShapePair): boolean =>
  tables?.[database]?.includes(there.oid) === true;

export const columnChecks = [columns, renamed, addedValues];
