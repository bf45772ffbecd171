import { quoteIdent } from '../postgres/text/quoting';
import type { ShapePair } from '../model/survey';
import { addColumn, formerRows } from './added-column';
import { extraColumns, isDroppedThere, isFoundByFullRow, lackingColumns } from './column-pairs';

/** A column that one side has alone. */
interface ColumnAlone {
  readonly key: string;
  readonly seen: string;
  /** Within ALTER TABLE; null: nothing on the clone makes its rows equal. */
  readonly action: string | null;
  readonly stops: boolean;
  /** What to do besides. */
  readonly besides: readonly string[];
}

/** Why nobody knows what rows of before hold in a column. */
const WRITTEN_ANEW = 'production has written all rows of the table anew';
const CAME_LATER = 'the table came later than the clone, and what its rows of before hold in the column is not known';

/** What one side has alone, and what of ALTER TABLE makes the clone's rows those of the source. */
export function columnsAlone(pair: ShapePair): ColumnAlone[] {
  const full = isFoundByFullRow(pair);
  const lacking = lackingColumns(pair).map((column) => {
    const action = addColumn(pair, column);
    const likely = formerRows(pair, column).kind === 'likely';
    const besides = [
      ...(likely ? [`run sql-runner verify afterwards, as ${pair.same ? WRITTEN_ANEW : CAME_LATER}`] : []),
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
