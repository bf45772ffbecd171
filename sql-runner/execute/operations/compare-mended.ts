import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import { copyAnew } from '../../model/copied-anew';
import { displayTable } from '../../model/table-selection';
import type { TableVerdict } from '../../verify/types';
import type { Execution } from '../execution';
import { compareRows } from './compare-rows';

type Comparing = Extract<Operation, { kind: 'compare-mended' }>;

/** Every row of the tables whose rows were mended, on both sides while they are written to; throws where not all are equal. */
export async function compareMended(operation: Comparing, execution: Execution): Promise<void> {
  const { place, tables, slot } = operation;
  const shown = `${tables.map(displayTable).join(', ')} in database ${place.database}`;
  const verdicts = await compareRows({ database: place.database, tables, slot, shown }, execution);
  const unequal = verdicts.filter(({ status }) => status !== 'equal');
  if (unequal.length > 0) throw notEqual(operation, unequal);
}

function notEqual({ place, environment }: Comparing, unequal: readonly TableVerdict[]): OperatorError {
  const each = unequal.map(
    (one) =>
      `${displayTable(one)} ${one.status}${one.differences.length === 0 ? '' : `, ${one.differences.length}${one.moreDifferences ? ' rows and more' : one.differences.length === 1 ? ' row' : ' rows'}`}${one.reason === undefined ? '' : ` (${one.reason})`}`,
  );
  return new OperatorError({
    code: 'ROWS_STILL_DIFFER',
    seen: `database ${place.database}: rows were mended, and then compared: ${each.join('; ')}`,
    why: 'rows differ that were not named, or moved while they were to be mended, or differ since: the tables are not equal',
    next: `sql-runner verify ${environment} --json names them for another repair; where that goes on and on, ${copyAnew(environment, unequal, place.database)} copies the tables anew as a whole`,
  });
}
