import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { chooseBucketing, rangeColumn } from './bucketing';
import { shapeDrift } from './shape-drift';
import { bothSides, onSide, type Pair } from './sides';
import { readShape, type TableShape } from './table-shape';
import { tableSql, type TablePlan } from './table-sql';
import type { Side, TableRef } from './types';

type Shapes = Readonly<Record<Side, TableShape | null>>;

/** Whether two readings of the catalogs met the same tables. Statistics may differ. Pure. */
export const sameShapes = (a: Shapes, b: Shapes): boolean => withoutStatistics(a) === withoutStatistics(b);

const withoutStatistics = (shapes: Shapes): string =>
  JSON.stringify(shapes, (name, value: unknown) => (name === 'estimatedRows' ? undefined : value));

export const readShapes = (pair: Pair, table: TableRef): Promise<Shapes> =>
  bothSides(pair, async (session) => listed(await readShape(session, table), table));

/** What is not sent the clone has of before, or by default. */
const listed = (shape: TableShape | null, { columns: only }: TableRef): TableShape | null =>
  shape === null || only == null
    ? shape
    : { ...shape, columns: shape.columns.filter(({ name }) => only.includes(name)) };

/** How the table will be compared, or why it need not or cannot be. */
export async function planTable(
  pair: Pair,
  table: TableRef,
  seed: bigint,
  { source, target }: Shapes,
): Promise<TablePlan | { status: 'different' | 'unsupported'; reason: string }> {
  const odd = [source, target].find((shape) => shape !== null && !['r', 'p'].includes(shape.relkind));
  if (odd !== undefined)
    return { status: 'unsupported', reason: `${quoteQualified(table)} is not a table on both sides` };
  const reason = shapeDrift(table, source, target);
  if (reason !== null) return { status: 'different', reason };
  const base = { table, relkinds: { source: source!.relkind, target: target!.relkind }, shape: source!, seed };
  return { ...base, bucketing: chooseBucketing(source!, await keyBounds(pair, base)) };
}

/** Two looks at the ends of the key's index. */
async function keyBounds(pair: Pair, plan: Omit<TablePlan, 'bucketing'>): Promise<{ min: bigint; max: bigint } | null> {
  const column = rangeColumn(plan.shape);
  if (column === null) return null;
  const key = quoteIdent(column.name);
  const [row] = await onSide(pair, 'source', (session, side) =>
    session.query<{ min: string | null; max: string | null }>(
      `SELECT min(${key})::text AS min, max(${key})::text AS max FROM ${tableSql(plan, side)} t`,
    ),
  );
  return row?.min == null || row.max == null ? null : { min: BigInt(row.min), max: BigInt(row.max) };
}
