import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { AddingTo } from '../../model/table-operations';
import { displayTable, sameTable } from '../../model/table-selection';
import { quoteIdent, quoteQualified } from '../../postgres/text/quoting';
import type { TableVerdict } from '../../verify/types';
import type { Execution } from '../execution';
import { compareRows } from './compare-rows';

type Copying = Extract<Operation, { kind: 'copy-tables' }>;

/** Every row of the new tables, on both sides while they are written to; throws where not all are equal. */
export async function compareAdded({ stream, tables }: Copying, execution: Execution): Promise<void> {
  const { database } = stream.place;
  const shown = `${tables.map(displayTable).join(', ')} in database ${database}`;
  const named = tables.map(({ schema, name }) => ({ schema, name }));
  const verdicts = await compareRows({ database, tables: named, slot: stream.slot, shown }, execution);
  const unequal = verdicts.filter(({ status }) => status !== 'equal');
  if (unequal.length === 0) return;
  const different = unequal.filter(({ status }) => status === 'different');
  throw different.length > 0
    ? differs(
        stream,
        unequal,
        tables.filter((table) => different.some((one) => sameTable(one, table))),
      )
    : notCompared(stream, unequal);
}

const seenOf = ({ place }: AddingTo, unequal: readonly TableVerdict[]): string => {
  const words = unequal.map(
    (one) => `${displayTable(one)} ${one.status}${one.reason === undefined ? '' : ` (${one.reason})`}`,
  );
  return `database ${place.database}: after its copy ${words.join(', ')}`;
};

function differs(stream: AddingTo, unequal: readonly TableVerdict[], left: Copying['tables']): OperatorError {
  const { database } = stream.place;
  // One that is published with the table above it leaves the subscription with the table of the clone.
  const named = left.filter(({ partition }) => partition !== true);
  const unpublish =
    named.length === 0
      ? ''
      : `first in database ${database} on the source: ${named.map((table) => `ALTER PUBLICATION ${quoteIdent(stream.publication)} DROP TABLE ${quoteQualified(table)};`).join(' ')} then `;
  return new OperatorError({
    code: 'NEW_TABLE_DIFFERS',
    seen: seenOf(stream, unequal),
    why: 'somebody wrote to it on the clone, or took it for copied when it was not: it is not a copy of the source',
    next: `take it out, and let sql-runner apply ${stream.environment} add it anew: ${unpublish}where nobody needs its rows, in database ${database} on the clone: ${left.map((table) => `DROP TABLE ${quoteQualified(table)};`).join(' ')}`,
  });
}

function notCompared(stream: AddingTo, unequal: readonly TableVerdict[]): OperatorError {
  return new OperatorError({
    code: 'NEW_TABLE_NOT_COMPARED',
    seen: seenOf(stream, unequal),
    why: 'nothing tells yet whether it is a copy of the source',
    next: 'put that right, and run the same command again: it compares once more',
  });
}
