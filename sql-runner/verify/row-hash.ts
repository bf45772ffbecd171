import { createHash } from 'node:crypto';
import { columnHashSql, literalSql } from './column-hash';
import type { ColumnShape } from './table-shape';

/**
 * SQL of a 64-bit hash over the columns of a row, an int8, never null. The
 * same on every major from 13 on: a source and a target of two majors agree.
 *
 * Each column is hashed under a seed of its own, made from the run's, and
 * these hashes are combined by exclusive or. hash_record_extended would not
 * do: it hashes every column under one seed and adds them up as powers of 31.
 * The powers of 31 are so even that there are pairs of rows which collide
 * whatever the seed is, 256 booleans and their negations for one.
 *
 * The last step must not be linear, because hashes of rows are added up per
 * bucket: were it, the sum would not change when two rows exchange the values
 * of a column. hashint4extended takes the combination as its seed, all 64 bits
 * of it, and mixes it into the hash of a constant (hash_bytes_uint32_extended
 * in hashfn.c: two rounds of Jenkins' lookup3, of which 64 bits come out).
 *
 * What equality of hashes is worth: the seed is random and chosen after the
 * data, so two rows, or two sums over different rows, agree by chance once in
 * 2^64. What is compared is always one row with one row, or one bucket with
 * one bucket, never all with all. A table has 65,536 buckets at most, so even
 * if all of them differed in each of 10,000 tables, a difference would be
 * overlooked in one run of 28 thousand million.
 */
export function rowHashSql(columns: readonly ColumnShape[], seed: bigint): string {
  if (columns.length === 0) return `'0'::int8`;
  const hashes = columns.map(
    (column, i) =>
      `coalesce(${columnHashSql(column, derived(seed, `column ${i}`))}, ${literalSql(derived(seed, `null ${i}`))})`,
  );
  // The rule cannot follow a recursion.
  // eslint-disable-next-line local/safe-sql
  return `hashint4extended(0, ${exclusiveOr(hashes)})`;
}

/** As a balanced tree: the parser works by recursion, and 1,600 operators in a row would come near its limit. */
function exclusiveOr(terms: readonly string[]): string {
  if (terms.length === 1) return terms[0]!;
  const half = Math.ceil(terms.length / 2);
  return `(${exclusiveOr(terms.slice(0, half))} # ${exclusiveOr(terms.slice(half))})`;
}

/** A seed for one purpose, which looks random beside those for others. */
function derived(seed: bigint, purpose: string): bigint {
  return createHash('sha256').update(`${seed} ${purpose}`).digest().readBigInt64BE();
}
