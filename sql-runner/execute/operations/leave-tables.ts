import type { Operation } from '../../model/change';
import { sameTable } from '../../model/table-selection';
import { leftHere } from '../../postgres/catalog/left-tables';
import { clockOf } from '../../postgres/catalog/server';
import type { Execution } from '../execution';
import { noteLeft } from './added-mark';
import { forgetLeft } from './taken-by-refresh';

type Leaving = Extract<Operation, { kind: 'leave-tables' }>;

/** The subscription forgets what left, and the mark notes what was dropped on the source. */
export async function leaveTables(operation: Leaving, execution: Execution): Promise<void> {
  const { stream, dropped, forgotten, refreshes } = operation;
  const session = await execution.writer(stream.place);
  if (refreshes) await forgetLeft(stream, execution);
  const at = new Date(await execution.connections.use(stream.place, clockOf)).toISOString();
  // Of one that the clone has not either nothing is left that somebody could read.
  const here =
    dropped.length === 0 ? [] : await execution.connections.use(stream.place, (one) => leftHere(one, dropped));
  const left = dropped.filter((table) => here.some((one) => sameTable(one, table)));
  const noted = left.map(({ oid, schema, name }) => ({ oid, schema, name, at, dropped: true as const }));
  const numbers = new Set([...dropped.map(({ oid }) => oid), ...forgotten]);
  await noteLeft(session, stream, (left) => [...left.filter(({ oid }) => !numbers.has(oid)), ...noted]);
}
