import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { DefinitionsCheck } from './check';
import { extraColumns, isDroppedThere, isFoundByFullRow, ownDifferences } from '../drift/column-pairs';
import { adopt, keyDifference } from '../drift/row-key';
import { eachPair } from './each-pair';

/**
 * The clone must find rows by the columns that the source sends to identify them:
 * with others the worker stops (check_relation_updatable in logical/worker.c), with
 * fewer it meets the wrong row, or two rows that it takes for one.
 */
const keys: DefinitionsCheck = {
  code: 'KEY_DIFFERS',
  stops: ['connect'],
  both: 'definitions',
  holds: 'rows are identified by the same columns on both sides',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) =>
      ownDifferences(pair, keyDifference).map(({ sent, own }) => ({
        severity: 'block',
        seen: `table ${displayTable(pair.there)} in database ${pair.database} has its rows identified by ${sent.join(', ')} on the source and by ${own === null ? 'nothing' : own.join(', ')} on the clone`,
        why: 'the apply worker stops at the first UPDATE or DELETE that does not say which row it means, or at a row that looks like another',
        next: `where the source has just filled a column of it, once those rows have arrived; in database ${pair.database} on the clone: ${adopt(pair, sent).join(' ')}`,
      })),
    ),
};

/**
 * Without a key the worker compares the whole row, and takes NULL for columns that
 * the source does not send (tuples_equal and slot_store_data in PostgreSQL): a row
 * that has a value there is not found, and its UPDATE or DELETE lost.
 */
const fullIdentity: DefinitionsCheck = {
  code: 'FULL_IDENTITY_EXTRA_COLUMN',
  stops: ['connect'],
  both: 'definitions',
  holds: 'tables whose rows are found by their full contents have no columns of their own on the clone',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      if (!isFoundByFullRow(pair)) return [];
      return extraColumns(pair).map((column) => {
        const filled =
          column.notNull || column.expression !== null || column.missing !== null || isDroppedThere(pair, column);
        return {
          severity: filled ? 'block' : 'warn',
          seen: `table ${displayTable(pair.there)} in database ${pair.database} has REPLICA IDENTITY FULL, no key on the clone, and only there column ${column.name}${filled ? '' : ', NULL unless it was written'}`,
          why: 'the apply worker looks for the whole row with NULL in that column: where it is not, UPDATE and DELETE are lost without a word',
          next: `what was changed since is lost already, so run sql-runner verify ${scope.contract.environment} afterwards; in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} DROP COLUMN ${quoteIdent(column.name)};`,
        };
      });
    }),
};

export const keyChecks = [keys, fullIdentity];
