import fc from 'fast-check';
import { bucketCount, bucketFilterSql, bucketRange, chooseBucketing } from '../../../sql-runner/verify/bucketing';
import type { TableShape } from '../../../sql-runner/verify/table-shape';

const column = (name: string, baseName: string): TableShape['columns'][number] => ({
  name,
  type: baseName,
  domain: false,
  baseType: baseName,
  baseName,
  builtIn: true,
});
const shape = (key: string[], estimatedRows: number, type = 'int8'): TableShape => ({
  oid: '1',
  relkind: 'r',
  key: key.map((name) => ({ name, equalsIn: 'pg_catalog' })),
  estimatedRows,
  columns: [column('id', type), column('b', 'text')],
});
const clamp = (value: bigint, low: bigint, high: bigint): bigint => (value < low ? low : value > high ? high : value);

it('finds every key in the range of its bucket, and in no other one', () => {
  const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const bounds = fc.tuple(fc.bigInt(-5_000n, 5_000n), fc.bigInt(0n, 5_000n), fc.bigInt(1n, 99n));
  fc.assert(
    fc.property(bounds, fc.oneof(int8, fc.bigInt(-20_000n, 20_000n)), ([min, span, width], key) => {
      const bucketing = { width, first: min / width, last: (min + span) / width };
      // BigInt division truncates toward zero as PostgreSQL's does.
      const bucket = clamp(key / width, bucketing.first - 1n, bucketing.last + 1n);
      const near = [bucket - 1n, bucket, bucket + 1n].filter(
        (n) => n >= bucketing.first - 1n && n <= bucketing.last + 1n,
      );
      const holding = near.filter((n) => {
        const [from, to] = bucketRange(bucketing, n);
        return from <= key && key <= to;
      });
      expect(holding).toEqual([bucket]);
    }),
  );
});

it('deals dense integer keys into ranges, others by hash', () => {
  expect(chooseBucketing(shape(['id'], 100_000), { min: 1n, max: 100_000n }).kind).toBe('range');
  expect(chooseBucketing(shape(['id'], 100_000), { min: 1n, max: 10n ** 18n }).kind).toBe('key-hash');
  expect(chooseBucketing(shape(['id'], 100_000), null).kind).toBe('key-hash');
  expect(chooseBucketing(shape(['id'], 10, 'uuid'), null).kind).toBe('key-hash');
  expect(chooseBucketing(shape(['id', 'b'], 10), null).kind).toBe('key-hash');
  expect(chooseBucketing(shape([], 10), null).kind).toBe('row-hash');
});

it('keeps buckets a power of two within limits', () => {
  for (const rows of [0, 1, 1_000, 1e6, 1e12]) {
    expect(Math.log2(bucketCount(rows)) % 1).toBe(0);
    expect(bucketCount(rows)).toBeLessThanOrEqual(65_536);
  }
  expect(bucketCount(1e6)).toBeGreaterThan(1e6 / 200 - 1);
});

it('falls back to the bucket number when ranges would be too many', () => {
  const bucketing = { kind: 'range', column: 'My Id', width: 10n, first: 0n, last: 500n } as const;
  const of = { bucketing, shape: shape(['id'], 1), seed: 1n };
  expect(bucketFilterSql(of, [2n])).toBe(`(t."My Id" BETWEEN '20'::int8 AND '29'::int8)`);
  const many = Array.from({ length: 101 }, (_, n) => BigInt(n));
  expect(bucketFilterSql(of, many)).toMatch(/^greatest\(.* = ANY \('\{0,1,2,/);
});
