import { quoteIdent, quoteQualified } from '../postgres/quoting';
import type { Session } from '../postgres/session';
import { chooseBucketing, rangeColumn } from './bucketing';
import { bothSides } from './buckets';
import { shapeDrift } from './shape-drift';
import { readShape, type TableShape } from './table-shape';
import type { TablePlan } from './table-sql';
import type { Pair, TableRef } from './types';

/** How the table will be compared, or why it need not or cannot be. */
export async function planTable(
  pair: Pair,
  table: TableRef,
  seed: bigint,
): Promise<TablePlan | { status: 'different' | 'unsupported'; reason: string }> {
  const [source, target] = await bothSides(pair, (session) => readShape(session, table));
  const odd = [source, target].find((shape) => shape !== null && !['r', 'p'].includes(shape.relkind));
  if (odd !== undefined)
    return { status: 'unsupported', reason: `${quoteQualified(table)} is not a table on both sides` };
  const reason = shapeDrift(table, source, target);
  if (reason !== null) return { status: 'different', reason };
  const bucketing = chooseBucketing(source!, await keyBounds(pair.source, table, source!));
  const versionNum = Math.min(pair.source.serverVersionNum, pair.target.serverVersionNum);
  return { table, shape: source!, seed, versionNum, bucketing };
}

/** Two looks at the ends of the key's index. */
async function keyBounds(
  session: Session,
  table: TableRef,
  shape: TableShape,
): Promise<{ min: bigint; max: bigint } | null> {
  const column = rangeColumn(shape);
  if (column === null) return null;
  const key = quoteIdent(column.name);
  const [row] = await session.query<{ min: string | null; max: string | null }>(
    `SELECT min(${key})::text AS min, max(${key})::text AS max FROM ${quoteQualified(table)}`,
  );
  return row?.min == null || row.max == null ? null : { min: BigInt(row.min), max: BigInt(row.max) };
}
