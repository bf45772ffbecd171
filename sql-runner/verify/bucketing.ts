import { quoteIdent, quoteInteger } from '../postgres/text/quoting';
import { rowHashSql } from './row-hash';
import type { ColumnShape, TableShape } from './table-shape';

/**
 * How the rows of a table are dealt into buckets. A bucket is small enough to
 * be read row by row when its sum does not match.
 *
 * - `range`: the integer key divided by a width, so a bucket is a stretch of the key's index.
 * - `key-hash`: bits of the hash of the key's texts.
 * - `row-hash`: bits of the hash of the whole row, for tables without a key.
 *
 * Every row is in one bucket, and in the same one on both sides unless its key
 * (or the row) differs: then it is missing in one bucket and extra in another.
 */
export type Bucketing =
  | {
      readonly kind: 'range';
      readonly column: string;
      readonly width: bigint;
      readonly first: bigint;
      readonly last: bigint;
    }
  | { readonly kind: 'key-hash' | 'row-hash'; readonly buckets: number };

/** What a bucket's number is computed from. */
export interface Bucketed {
  readonly bucketing: Bucketing;
  readonly shape: TableShape;
  /** Random per run, so that no data can be made to collide; the same on both sides. */
  readonly seed: bigint;
}

const ROWS_PER_BUCKET = 200;
const MAX_BUCKETS = 65_536;
const INT8_MIN = -(2n ** 63n);
const INT8_MAX = 2n ** 63n - 1n;

/** The key's column if a range of it makes a bucket: a single integer. */
export function rangeColumn(shape: TableShape): ColumnShape | null {
  if (shape.key.length !== 1) return null;
  const column = shape.columns.find(({ name }) => name === shape.key[0]!.name);
  return column !== undefined && column.builtIn && ['int2', 'int4', 'int8'].includes(column.baseName) ? column : null;
}

/** A power of two, as many buckets as keep each near 200 rows. */
export function bucketCount(estimatedRows: number): number {
  // Unknown statistics: enough for half a million rows, and cheap if there are ten.
  const wanted = estimatedRows <= 0 ? 2_048 : Math.max(16, estimatedRows / ROWS_PER_BUCKET);
  return Math.min(MAX_BUCKETS, 2 ** Math.ceil(Math.log2(wanted)));
}

/** `bounds`: smallest and largest key of the source, null when there is no row or no integer key. Pure. */
export function chooseBucketing(shape: TableShape, bounds: { min: bigint; max: bigint } | null): Bucketing {
  const buckets = bucketCount(shape.estimatedRows);
  if (shape.key.length === 0) return { kind: 'row-hash', buckets };
  const column = rangeColumn(shape);
  if (column === null || bounds === null) return { kind: 'key-hash', buckets };
  const span = bounds.max - bounds.min + 1n;
  // Keys with wide gaps would crowd into few of the ranges.
  if (span > BigInt(Math.ceil(shape.estimatedRows)) * 100n + 1_000n) return { kind: 'key-hash', buckets };
  const width = span / BigInt(buckets) + 1n;
  return { kind: 'range', column: column.name, width, first: bounds.min / width, last: bounds.max / width };
}

/** SQL of the bucket's number, an int8. */
export function bucketSql({ bucketing, shape, seed }: Bucketed): string {
  if (bucketing.kind === 'range') {
    const quotient = `t.${quoteIdent(bucketing.column)}::int8 / ${quoteInteger(bucketing.width)}::int8`;
    // Keys outside the source's bounds share the two outermost buckets, however many there are.
    return `greatest((${quoteInteger(bucketing.first - 1n)})::int8, least((${quoteInteger(bucketing.last + 1n)})::int8, ${quotient}))`;
  }
  const columns = bucketing.kind === 'key-hash' ? keyColumns(shape) : shape.columns;
  return `${rowHashSql(columns, seed)} & ${quoteInteger(bucketing.buckets - 1)}`;
}

const keyColumns = ({ key, columns }: TableShape): ColumnShape[] =>
  columns.filter((column) => key.some(({ name }) => name === column.name));

/** SQL condition that finds the rows of these buckets, through the key's index where there is one. */
export function bucketFilterSql(of: Bucketed, buckets: readonly bigint[]): string {
  const { bucketing } = of;
  if (bucketing.kind === 'range' && buckets.length <= 100) {
    const column = `t.${quoteIdent(bucketing.column)}`;
    const stretches = buckets.map((bucket) => {
      const [from, to] = bucketRange(bucketing, bucket);
      return `${column} BETWEEN '${quoteInteger(from)}'::int8 AND '${quoteInteger(to)}'::int8`;
    });
    return `(${stretches.join(' OR ')})`;
  }
  return `${bucketSql(of)} = ANY ('{${buckets.map(quoteInteger).join(',')}}'::int8[])`;
}

/** Smallest and largest key in a bucket. Division truncates toward zero, so bucket 0 has keys on both sides of it. */
export function bucketRange(
  { width, first, last }: { readonly width: bigint; readonly first: bigint; readonly last: bigint },
  bucket: bigint,
): [bigint, bigint] {
  const from = bucket > 0n ? bucket * width : (bucket - 1n) * width + 1n;
  const to = bucket >= 0n ? (bucket + 1n) * width - 1n : bucket * width;
  const open = { from: bucket < first ? INT8_MIN : from, to: bucket > last ? INT8_MAX : to };
  return [open.from < INT8_MIN ? INT8_MIN : open.from, open.to > INT8_MAX ? INT8_MAX : open.to];
}
