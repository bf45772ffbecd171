import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { newClone } from '../model/streams';
import { displayTable } from '../model/table-selection';
import { addColumn, formerRows } from './added-column';
import { addedValues } from './added-values';
import type { DefinitionsCheck } from './check';
import {
  extraColumns,
  isDroppedThere,
  isFoundByFullRow,
  isInherited,
  lackingColumns,
  ownDifferences,
  renamedColumns,
} from './column-pairs';
import { eachPair } from './each-pair';
import type { ShapePair } from '../model/survey';

interface Difference {
  readonly key: string;
  readonly seen: string;
  /** Within ALTER TABLE; null: nothing on the clone makes its rows equal. */
  readonly action: string | null;
  readonly stops: boolean;
  /** What to do besides. */
  readonly besides: readonly string[];
}

/** Columns that one side has alone. */
const columns: DefinitionsCheck = {
  code: 'COLUMNS_DIFFER',
  stops: ['connect'],
  both: 'definitions',
  holds: 'the clone has the columns of replicated tables, and none besides that is in the way',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      const found = ownDifferences(pair, differences);
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

function differences(pair: ShapePair): Difference[] {
  const full = isFoundByFullRow(pair);
  const lacking = lackingColumns(pair).map((column) => {
    const action = addColumn(pair, column);
    const likely = formerRows(pair, column).kind === 'likely';
    const besides = [
      ...(likely ? ['run sql-runner verify afterwards, as production has written all rows of the table anew'] : []),
      ...(full && column.generated === ''
        ? ['wait until sql-runner status shows that the stream has stopped at it, or is in sync']
        : []),
    ];
    return {
      key: `lacks ${column.name}`,
      seen: `column ${column.name} is missing${action === null ? ', and its values in rows of before are not known' : ''}`,
      action,
      stops: column.generated === '',
      besides,
    };
  });
  // FULL_IDENTITY_EXTRA_COLUMN tells of those of other tables.
  const extra = (full ? [] : extraColumns(pair)).flatMap((column) => {
    const required = column.notNull && column.expression === null && column.identity === '';
    const key = `extra ${column.name}`;
    const name = quoteIdent(column.name);
    if (isDroppedThere(pair, column))
      return [
        {
          key,
          seen: `column ${column.name} is still there, and dropped on the source`,
          action: `DROP COLUMN ${name}`,
          stops: required,
          besides: [],
        },
      ];
    if (!required) return [];
    return [
      {
        key,
        seen: `column ${column.name} is only there, NOT NULL and without a default`,
        action: `ALTER COLUMN ${name} DROP NOT NULL`,
        stops: true,
        besides: [],
      },
    ];
  });
  return [...lacking, ...extra];
}

const renamed: DefinitionsCheck = {
  code: 'COLUMN_RENAMED',
  stops: ['connect'],
  both: 'definitions',
  holds: 'no replicated column was renamed on one side only',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) =>
      ownDifferences(pair, (one) =>
        renamedColumns(one).map((both) => ({ ...both, key: `${both.from.name} ${both.to.name}` })),
      ).map(({ from, to }) => ({
        severity: 'block',
        seen: `column ${to.name} of table ${displayTable(pair.there)} in database ${pair.database} is ${from.name} on the clone`,
        why: 'DDL is not replicated; the apply worker finds columns by name, and stops at the first row',
        next: isInherited(from)
          ? `in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} RENAME COLUMN ${quoteIdent(from.name)} TO ${quoteIdent(to.name)};`
          : `${from.name} was changed on the clone, so that it cannot be told whether it is the same column; ${newClone(scope.contract)}`,
      })),
    ),
};

export const columnChecks = [columns, renamed, addedValues];
