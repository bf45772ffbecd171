import { decodingLog } from '../../../sql-runner/checks/decoding-log';
import type { KnownWhole } from '../../../sql-runner/checks/known-whole';
import { witnessOf } from '../../../sql-runner/checks/slot-log-witness';
import { at, linesOf, MASTER, watched, worker } from '../support/decoding-lines';

/** Settings of the log that somebody changed, and put back. */

const reload = (second: number, name: string, how = 'removed from configuration file, reset to default') =>
  `${at(second)}::@:[1]:LOG:  parameter "${name}" ${how}`;
/** The worker before was seen until then. */
const SEEN: KnownWhole = { seenUntil: '2026-11-29T14:00:04.000Z', wholeTo: null };
const told = (lines: readonly string[], whole: KnownWhole = SEEN) =>
  witnessOf(decodingLog(lines.join('\n')), watched, whole).unread;
const [before, now] = [linesOf(worker(3, '0/200')), linesOf(worker(9, '0/500'))];

test.each([
  ['log_min_messages', 'removed from configuration file, reset to default'],
  ['log_error_verbosity', 'changed to "default"'],
  ['log_line_prefix', 'changed to "%t:%r:%u@%d:[%p]:"'],
  ['log_timezone', 'changed to "UTC"'],
  ['lc_messages', 'changed to "C"'],
])('%s was something else between two workers, which is said', (name, how) => {
  expect(told([...before, ...now])).toBeNull();
  expect(told([...before, reload(5, name, how), ...now])).toBe(
    `${name} was changed at 2026-11-29T14:00:05.000Z, and what was logged before may be missing`,
  );
});

test('while the worker before was there, or when the present one was there already, it is of no account', () => {
  expect(told([reload(2, 'log_min_messages'), ...before, ...now])).toBeNull();
  expect(told([...before, ...now, reload(10, 'log_min_messages')])).toBeNull();
  const changed = [...before, reload(5, 'log_min_messages'), ...now];
  expect(told(changed, { ...SEEN, seenUntil: '2026-11-29T14:00:06.000Z' })).toBeNull();
  expect(told(changed, { ...SEEN, seenUntil: null })).toMatch(/^log_min_messages was changed/);
});

test('of a line whose prefix was changed as well nobody knows when it was written', () => {
  expect(told([...before, 'x LOG:  parameter "log_line_prefix" changed to "x "', ...now])).toBe(
    'log_line_prefix was changed, and what was logged before may be missing',
  );
});

test('other settings, and what a statement says of one, are not told', () => {
  expect(told([...before, reload(5, 'work_mem'), reload(5, 'log_statement', 'changed to "ddl"'), ...now])).toBeNull();
  expect(told([...before, `${at(5)}::@:[1]:LOG:  parameter "log_min_messages" cannot be changed`, ...now])).toBeNull();
});

const ofServer = (second: number, words: string, pid = 1) => `${at(second)}::@:[${pid}]:LOG:  ${words}`;
const SIGHUP = ofServer(4, 'received SIGHUP, reloading configuration files');
const START = ofServer(6, 'starting PostgreSQL 17.10 on x86_64-pc-linux-gnu');
const RECOVERS = ofServer(7, 'database system was interrupted; last known up at 2026-11-29 14:00:01 UTC', 2);

test('a reload after which nothing was logged until the server was started may have put the log out', () => {
  expect(told([...before, SIGHUP, START, RECOVERS, ...now])).toBe(
    'nothing was logged from a reload of the settings until the server was started at 2026-11-29T14:00:06.000Z, and what was done may be missing',
  );
  const refused = `${at(5)}:10.0.0.5(40312):LOG:  x@shop:[5]:FATAL:  database "LOG:  x" does not exist`;
  const looksOwn = `${at(5)} [5] LOG:  x@shop FATAL:  role "x" does not exist`.replace('[5] LOG', '[5] a@b LOG');
  expect(told([...before, SIGHUP, refused, looksOwn, START, ...now])).toMatch(/^nothing was logged from a reload/);
});

test('a reload that was followed by any word of the server, or by no start, is of no account', () => {
  const word = ofServer(5, 'received fast shutdown request');
  expect(told([...before, SIGHUP, word, START, RECOVERS, ...now])).toBeNull();
  expect(told([...before, SIGHUP, ...now])).toBeNull();
  expect(told([...before, START, RECOVERS, ...now])).toBeNull();
  expect(told([...before, SIGHUP, ofServer(5, 'parameter "work_mem" changed to "8MB"'), START, ...now])).toBeNull();
});

test('who reads is found in a log with the SQLSTATE of each message, too', () => {
  const verbose = (lines: string[]) => lines.map((line) => line.replace('LOG:  ', 'LOG:  00000: '));
  const moved = linesOf({ pid: 5, from: '0/300', ...MASTER });
  const log = decodingLog([before, moved, now].flatMap(verbose).join('\n'));
  expect(witnessOf(log, watched, SEEN)).toMatchObject({ unread: null, move: { pid: 5, from: '0/300', to: '0/500' } });
});
