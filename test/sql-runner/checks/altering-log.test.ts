import { alteringLog } from '../../../sql-runner/checks/altering-log';

/** What workers of PostgreSQL 13 to 18 log of what was done to their subscription. */
const line = (words: string, level = 'LOG', second = 5): string =>
  `2026-11-29 14:00:0${second} UTC::@:[77]:${level}:  ${words}\n`;
const AT = '2026-11-29T14:00:05.000Z';

test.each<[string, string]>([
  // 13 to 15.
  [
    'logical replication apply worker for subscription "acas_demo_shop" will stop because the subscription was disabled',
    'its worker ended because the subscription was disabled',
  ],
  [
    'logical replication apply worker for subscription "acas_demo_shop" will restart because of a parameter change',
    'its worker ended because of a parameter change',
  ],
  [
    'logical replication apply worker for subscription "acas_demo_shop" will stop because the subscription was removed',
    'its worker ended because the subscription was removed',
  ],
  // 16 and later.
  [
    'logical replication worker for subscription "acas_demo_shop" will stop because the subscription was disabled',
    'its worker ended because the subscription was disabled',
  ],
  [
    'logical replication parallel apply worker for subscription "acas_demo_shop" will stop because of a parameter change',
    'its worker ended because of a parameter change',
  ],
  // 15 and later.
  ['subscription "acas_demo_shop" has been disabled because of an error', 'it was disabled because of an error'],
])('%s', (words, what) => {
  expect(alteringLog(line(words))).toEqual({
    since: AT,
    altered: [{ at: AT, pid: 77, subscription: 'acas_demo_shop', what }],
    started: [],
    crashes: [],
  });
});

test('who skips a transaction does not say of which subscription', () => {
  const { altered } = alteringLog(line('logical replication starts skipping transaction at LSN 0/14C0378'));
  expect(altered).toEqual([{ at: AT, pid: 77, subscription: null, what: 'its worker began to skip a transaction' }]);
});

test('starts of workers that apply, and crashes of the server, are told by their lines', () => {
  const log = alteringLog(
    line('logical replication apply worker for subscription "x" has started', 'LOG', 1) +
      line('logical replication table synchronization worker for subscription "x", table "t" has started', 'LOG', 2) +
      line('database system was not properly shut down; automatic recovery in progress', 'LOG', 3) +
      line('all server processes terminated; reinitializing', 'LOG', 4),
  );
  expect(log.started).toEqual([{ at: '2026-11-29T14:00:01.000Z', subscription: 'x' }]);
  expect(log.crashes).toEqual(['2026-11-29T14:00:03.000Z', '2026-11-29T14:00:04.000Z']);
  expect(log.altered).toEqual([]);
});

test('what a client writes is no line of a worker', () => {
  const words = 'logical replication worker for subscription "x" will stop because the subscription was disabled';
  const ofSession = `2026-11-29 14:00:05 UTC:10.0.0.1(5):app@shop:[78]:LOG:  ${words}\n`;
  expect(alteringLog(ofSession)).toEqual({ since: null, altered: [], started: [], crashes: [] });
  expect(alteringLog(line(`statement: SELECT '${words}'`) + line(words, 'WARNING')).altered).toEqual([]);
});
