import * as fc from 'fast-check';
import { madeAnew, restored } from '../../../sql-runner/checks/slot-counts';

const NOW = { since: '2026-11-29T14:00:09.500Z', pid: 9, confirmedLsn: '0/500' };
const counted = (txns: number, of = 'one') => ({ txns, of });

test('a slot that has counted fewer transactions than before was made anew, and nothing else was', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.boolean(), (before, now, same) => {
      const move = madeAnew(counted(before), counted(now, same ? 'one' : 'another'), NOW);
      if (same && now < before)
        expect(move).toEqual({ at: NOW.since, pid: 9, by: null, from: '0/500', to: null, counted: { before, now } });
      else expect(move).toBeNull();
    }),
  );
});

test('of what was not counted, or of a reader that cannot be seen, nothing is said', () => {
  expect(madeAnew(undefined, counted(1), NOW)).toBeNull();
  expect(madeAnew(counted(2), null, NOW)).toBeNull();
  expect(madeAnew(counted(2), counted(1), { ...NOW, since: null })).toBeNull();
  expect(madeAnew(counted(2), counted(1), { ...NOW, confirmedLsn: null })).toBeNull();
});

test('another cluster under the name of production is told, and what was not written down is not', () => {
  const cluster = { before: 'cluster-A', now: 'cluster-B' };
  expect(restored('cluster-A', 'cluster-B', NOW)).toEqual({
    at: NOW.since,
    pid: 9,
    by: null,
    from: '0/500',
    to: null,
    cluster,
  });
  expect(restored('cluster-A', 'cluster-A', NOW)).toBeNull();
  expect(restored(undefined, 'cluster-B', NOW)).toBeNull();
  expect(restored('cluster-A', null, NOW)).toBeNull();
});
