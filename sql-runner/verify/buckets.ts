import { bothSides, type Pair } from './sides';
import { bucketSumsSql, type TablePlan } from './table-sql';
import type { Side } from './types';

export interface BucketSum {
  readonly rows: number;
  /** Sum of the rows' hashes, as decimal text. */
  readonly sum: string;
}

export type BucketSums = ReadonlyMap<bigint, BucketSum>;

/** A bucket that does not match, with the rows to read on the larger side. */
export interface Mismatch {
  readonly bucket: bigint;
  readonly rows: number;
}

/** Counts and hashes of every bucket, computed in both databases at the same time. */
export async function readBucketSums(pair: Pair, plan: TablePlan): Promise<Readonly<Record<Side, BucketSums>>> {
  return bothSides(pair, async (session, side) => {
    const rows = await session.query<{ bucket: string; rows: string; sum: string }>(bucketSumsSql(plan, side));
    return new Map(rows.map((row) => [BigInt(row.bucket), { rows: Number(row.rows), sum: row.sum }]));
  });
}

/** Pure. In the order of the buckets, so that neighbouring ones are read together. */
export function mismatchingBuckets(source: BucketSums, target: BucketSums): Mismatch[] {
  const buckets = [...new Set([...source.keys(), ...target.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return buckets.flatMap((bucket) => {
    const [here, there] = [source.get(bucket), target.get(bucket)];
    if (here?.rows === there?.rows && here?.sum === there?.sum) return [];
    return [{ bucket, rows: Math.max(here?.rows ?? 0, there?.rows ?? 0) }];
  });
}

/** Groups of buckets of at most `limit` rows together, or of one larger bucket. Pure. */
export function batches(mismatches: readonly Mismatch[], limit: number): bigint[][] {
  const groups: bigint[][] = [];
  let rows = Infinity;
  for (const mismatch of mismatches) {
    if (rows + mismatch.rows > limit) {
      groups.push([]);
      rows = 0;
    }
    groups.at(-1)!.push(mismatch.bucket);
    rows += mismatch.rows;
  }
  return groups;
}
