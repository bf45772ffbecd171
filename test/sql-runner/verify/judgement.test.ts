import { endOfLastRecord } from '../../../sql-runner/verify/barrier';
import { suspects } from '../../../sql-runner/verify/bucket-rows';
import { batches, mismatchingBuckets } from '../../../sql-runner/verify/buckets';
import { onlyOnTarget, shapeDrift } from '../../../sql-runner/verify/shape-drift';
import { differenceKind, judge, type RowState, type Sighting } from '../../../sql-runner/verify/suspect';

const row = (content: string, version = content): RowState => ({ content, version });
const sighting = (source: RowState | null, target: RowState | null, ...more: string[]): Sighting => ({
  source,
  target,
  sourceContents: new Set([source?.content ?? null, ...more]),
  targetContents: new Set([target?.content ?? null]),
});

describe('judge', () => {
  it('calls a row equal once the target shows what the source had', () => {
    expect(judge(undefined, sighting(row('a'), row('a', 'other place')))).toBe('equal');
    expect(judge(undefined, sighting(row('a'), row('b'), 'b'))).toBe('equal');
    expect(judge(undefined, sighting(null, null))).toBe('equal');
  });

  it('never calls a row different from one round alone', () => {
    expect(judge(undefined, sighting(row('a'), row('b')))).toBe('open');
    expect(judge(undefined, sighting(row('a'), null))).toBe('open');
  });

  it('calls it different when neither side moved between two rounds', () => {
    expect(judge(sighting(row('a'), row('b')), sighting(row('a'), row('b')))).toBe('different');
    expect(judge(sighting(row('a'), null), sighting(row('a'), null))).toBe('different');
    expect(judge(sighting(null, row('b')), sighting(null, row('b')))).toBe('different');
  });

  it('leaves it open when a side was rewritten, even to the same value', () => {
    expect(judge(sighting(row('a', 'v1'), row('b')), sighting(row('a', 'v2'), row('b')))).toBe('open');
    expect(judge(sighting(row('a'), row('b', 'v1')), sighting(row('a'), row('b', 'v2')))).toBe('open');
    expect(judge(sighting(null, row('b')), sighting(row('a'), row('b')))).toBe('open');
  });

  it('names the kind', () => {
    expect(differenceKind(sighting(row('a'), null))).toBe('missing on target');
    expect(differenceKind(sighting(null, row('a')))).toBe('extra on target');
    expect(differenceKind(sighting(row('a'), row('b')))).toBe('different');
  });
});

it('compares buckets by count and sum, whichever side they are on', () => {
  const sums = (entries: [bigint, number, string][]) => new Map(entries.map(([b, rows, sum]) => [b, { rows, sum }]));
  const source = sums([
    [1n, 2, '5'],
    [2n, 2, '5'],
    [3n, 2, '5'],
    [9n, 1, '0'],
  ]);
  const target = sums([
    [1n, 2, '5'],
    [2n, 2, '6'],
    [3n, 3, '5'],
    [-4n, 7, '1'],
  ]);
  expect(mismatchingBuckets(source, target)).toEqual([
    { bucket: -4n, rows: 7 },
    { bucket: 2n, rows: 2 },
    { bucket: 3n, rows: 3 },
    { bucket: 9n, rows: 1 },
  ]);
});

it('batches buckets up to the limit and never drops one', () => {
  const of = (...rows: number[]) => rows.map((n, i) => ({ bucket: BigInt(i), rows: n }));
  expect(batches(of(4, 6, 1, 50, 2), 10)).toEqual([[0n, 1n], [2n], [3n], [4n]]);
  expect(batches([], 10)).toEqual([]);
});

it('suspects rows that differ or are on one side only', () => {
  const source = new Map([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ]);
  const target = new Map([
    ['a', '1'],
    ['b', '9'],
    ['d', '4'],
  ]);
  expect(suspects(source, target)).toEqual(['b', 'c', 'd']);
});

it('takes the boundary of a page for the end of its last record', () => {
  const [page, segment] = [8_192n, 16_777_216n];
  expect(endOfLastRecord(page * 5n + 24n, page, segment)).toBe(page * 5n);
  expect(endOfLastRecord(segment * 3n + 40n, page, segment)).toBe(segment * 3n);
  // A record that goes on from the page before may end here.
  expect(endOfLastRecord(page * 5n + 40n, page, segment)).toBe(page * 5n + 40n);
  expect(endOfLastRecord(page * 5n, page, segment)).toBe(page * 5n);
});

it('does not mind the order of columns, but names and types', () => {
  const column = (name: string, type: string) =>
    ({ name, type, domain: false, baseType: type, baseName: type, builtIn: true }) as const;
  const shape = (...columns: ReturnType<typeof column>[]) =>
    ({ oid: '1', relkind: 'r', key: [], estimatedRows: 0, columns }) as const;
  const table = { schema: 's', name: 't' };
  const source = shape(column('a', 'text'), column('b', 'bit(3)'));
  expect(shapeDrift(table, source, shape(column('b', 'bit(3)'), column('a', 'text')))).toBeNull();
  expect(shapeDrift(table, source, shape(column('b', 'bit(4)'), column('a', 'text')))).toContain(
    '"b" is bit(3) on the source and bit(4)',
  );
  // What the target has besides is not replicated, and says nothing of the rows.
  const wider = shape(column('c', 'text'), column('b', 'bit(3)'), column('a', 'text'));
  expect([shapeDrift(table, source, wider), onlyOnTarget(source, wider)]).toEqual([null, ['c']]);
  expect([shapeDrift(table, wider, source), onlyOnTarget(wider, source)]).toEqual([
    '"s"."t" is not the same table on both sides: column "c" is missing on the target',
    [],
  ]);
  expect(shapeDrift(table, null, source)).toContain('does not exist on the source');
});
