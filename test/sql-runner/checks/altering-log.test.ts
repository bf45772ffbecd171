import { alteringLog } from '../../../sql-runner/checks/altering-log';

/** What workers of PostgreSQL 13 to 18 log of what was done to their subscription. */
const line = (words: string, level = 'LOG', second = 5): string =>
  `2026-11-29 14:00:0${second} UTC::@:[77]:${level}:  ${words}\n`;
const AT = '2026-11-29T14:00:05.000Z';
const ENDED = { kind: 'ended', at: AT, pid: 77, altered: true };

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
  [
    'logical replication worker for subscription "acas_demo_shop" will not start because the subscription was disabled during startup',
    'its worker did not begin because the subscription was disabled during startup',
  ],
  // 15 and later.
  ['subscription "acas_demo_shop" has been disabled because of an error', 'it was disabled because of an error'],
])('%s', (words, what) => {
  const ended = / will (?:stop|restart|not start) /.test(words) ? ENDED : undefined;
  expect(alteringLog(line(words))).toEqual({
    since: AT,
    altered: [{ at: AT, pid: 77, subscription: 'acas_demo_shop', what }],
    course: ended === undefined ? [] : [ended],
    settings: [],
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
  expect(log.course).toEqual([
    { kind: 'began', at: '2026-11-29T14:00:01.000Z', pid: 77, subscription: 'x' },
    { kind: 'crashed', at: '2026-11-29T14:00:03.000Z' },
    { kind: 'crashed', at: '2026-11-29T14:00:04.000Z' },
  ]);
  expect(log.altered).toEqual([]);
});

test.each<[string, string, number?]>([
  ['FATAL', 'terminating logical replication worker due to administrator command'],
  ['ERROR', 'could not receive data from WAL stream: server closed the connection unexpectedly'],
  ['LOG', 'data stream from publisher has ended'],
  // By the postmaster: 13 to 15, and 16 and later.
  ['LOG', 'background worker "logical replication worker" (PID 4711) exited with exit code 1', 4711],
  ['LOG', 'background worker "logical replication apply worker" (PID 4711) exited with exit code 1', 4711],
  ['LOG', 'background worker "logical replication apply worker" (PID 4711) was terminated by signal 9: Killed', 4711],
])('a worker that ends for another reason is told by %s: %s', (level, words, pid = 77) => {
  const { altered, course } = alteringLog(line(words, level));
  expect([altered, course]).toEqual([[], [{ kind: 'ended', at: AT, pid, altered: false }]]);
});

test('a log with the SQLSTATE of each message is read as well, and a setting that was changed is told', () => {
  const words =
    'logical replication worker for subscription "acas_demo_shop" will stop because the subscription was disabled';
  const reset = 'parameter "log_error_verbosity" removed from configuration file, reset to default';
  expect(alteringLog(line(`00000: ${words}`) + line(`00000: ${reset}`))).toMatchObject({
    altered: [{ subscription: 'acas_demo_shop' }],
    settings: [{ name: 'log_error_verbosity', at: AT }],
  });
});

test('what a client writes is no line of a worker', () => {
  const words = 'logical replication worker for subscription "x" will stop because the subscription was disabled';
  const ofSession = `2026-11-29 14:00:05 UTC:10.0.0.1(5):app@shop:[78]:LOG:  ${words}\n`;
  expect(alteringLog(ofSession)).toEqual({ since: null, altered: [], course: [], settings: [] });
  expect(alteringLog(line(`statement: SELECT '${words}'`) + line(words, 'WARNING')).altered).toEqual([]);
});
