import type { SourceContract } from '../../contract/contract';
import { sqlChange, type Change } from '../model/change';
import type { NewTableFacts } from '../model/new-tables';
import type { StreamFacts } from '../model/stream-state';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { lockForAMoment } from '../resources/added-table/lock-for-a-moment';
import { writesGoOn } from '../resources/writes-go-on';
import { sameTableGuard, sameTreeGuard } from './added-table-guards';

/**
 * The lock keeps out who writes to it in a transaction of before: up to 13.20, 14.17, 15.12, 16.8 and 17.4 a sender that
 * decodes such a one takes the table for unpublished from then on (release notes of 17.5), and rows would be missing. It
 * is there for the moment of the statement; whoever wants to write meanwhile waits for a second at most.
 * @param below partitions, by oid, that are published with it; null: it is not partitioned
 */
export function publish(
  contract: SourceContract,
  of: StreamFacts,
  table: NewTableFacts,
  below: readonly number[] | null,
): Change {
  // All partitions are locked with it: nobody makes, attaches or drops one between the look at them and the end.
  const own = `${below === null ? 'ONLY ' : ''}${quoteQualified(table)}`;
  const guard = below === null ? sameTableGuard(of, table) : sameTreeGuard(of, table, below);
  return sqlChange({
    address: { ...of.publisher, kind: 'published-table', name: displayTable(table) },
    action: 'update',
    reason: 'its changes are sent from now on, and skipped by the clone until the subscription takes it',
    place: of.publisher,
    guards: [guard],
    statements: [
      ...lockForAMoment(table, below !== null),
      { text: `ALTER PUBLICATION ${quoteIdent(of.stream.publication)} ADD TABLE ${own}` },
    ],
    afterwards: [guard, writesGoOn(contract.environment, of)],
  });
}
