import type { Operation } from '../../model/change';
import { arrivingOf } from '../../model/added-tables';
import { tableKey } from '../../model/table-index';
import { sameTable } from '../../model/table-selection';
import { leftHere } from '../../postgres/catalog/left-tables';
import { clockOf } from '../../postgres/catalog/server';
import { quoteIdent } from '../../postgres/text/quoting';
import type { Execution } from '../execution';
import { markOf, noteLeft } from './added-mark';
import { refuseOthers, refuseDoubled, takenStates } from './taken-by-refresh';

type Leaving = Extract<Operation, { kind: 'leave-tables' }>;

/**
 * A refresh is the only way to have a subscription forget a table, and it takes whatever is published by then: so it is
 * looked at before and after. With a copy, as what comes in that moment has no rows on the clone that were sent to it;
 * without one its rows would be missing, and nothing would say so.
 */
export async function leaveTables(operation: Leaving, execution: Execution): Promise<void> {
  const { stream, dropped, forgotten, refreshes } = operation;
  const session = await execution.writer(stream.place);
  const arriving = arrivingOf(await markOf(session, stream));
  if (refreshes) {
    const known = await takenStates(stream, execution);
    await refuseOthers(stream, execution, known, arriving);
    await session.query(
      `ALTER SUBSCRIPTION ${quoteIdent(stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true)`,
    );
    await refuseDoubled(stream, execution, known, new Set(arriving.map(tableKey)));
  }
  const at = new Date(await execution.connections.use(stream.place, clockOf)).toISOString();
  // Of one that the clone has not either nothing is left that somebody could read.
  const here =
    dropped.length === 0 ? [] : await execution.connections.use(stream.place, (one) => leftHere(one, dropped));
  const left = dropped.filter((table) => here.some((one) => sameTable(one, table)));
  const noted = left.map(({ oid, schema, name }) => ({ oid, schema, name, at, dropped: true as const }));
  const numbers = new Set([...dropped.map(({ oid }) => oid), ...forgotten]);
  await noteLeft(session, stream, (left) => [...left.filter(({ oid }) => !numbers.has(oid)), ...noted]);
}
