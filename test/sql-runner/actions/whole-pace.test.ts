import { rarerBy } from '../../../sql-runner/actions/whole-pace';
import { streamOf } from '../support/stream-status';

const of = (databases: number, tables: number) =>
  rarerBy({
    streams: Array.from({ length: databases }, (_, n) => streamOf(`db_${n}`, { tables })),
  });

test('everything is read each minute, of many databases or tables less often, and at least each third minute', () => {
  expect([of(0, 0), of(1, 10), of(2, 500), of(15, 10)]).toEqual([1, 1, 1, 1]);
  expect(of(32, 10)).toBeCloseTo(2, 1);
  expect(of(1, 8_000)).toBeCloseTo(2.5, 1);
  expect([of(64, 10), of(1, 100_000)]).toEqual([3, 3]);
});

test('several streams of one database are one database', () => {
  const streams = Array.from({ length: 40 }, () => streamOf('shop', { tables: 1 }));
  expect(rarerBy({ streams })).toBe(1);
});
