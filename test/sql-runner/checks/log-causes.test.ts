import { causesIn, type LoggedSubscription, type TroubledStream } from '../../../sql-runner/checks/log-causes';

const NOW = Date.parse('2026-11-29T14:02:20Z');
const MOMENT = { lookedAt: NOW, retryMs: 5_000 };
const shop: LoggedSubscription = { oid: 101, name: 'acas_shop', database: 'shop', slot: 'acas_shop', enabled: true };
const ledger: LoggedSubscription = {
  oid: 102,
  name: 'acas_ledger',
  database: 'ledger',
  slot: 'acas_ledger',
  enabled: true,
};
const other: LoggedSubscription = { oid: 103, name: 'acas_shop', database: 'archive', slot: 'theirs', enabled: true };
const SHOP: TroubledStream = {
  subscription: 'acas_shop',
  database: 'shop',
  worker: null,
  stays: false,
  read: false,
  confirmedLsn: '0/500',
};
const LEDGER = { ...SHOP, subscription: 'acas_ledger', database: 'ledger' };

const line = (seconds: number, pid: number, text: string) =>
  `2026-11-29 14:02:${String(seconds).padStart(2, '0')} UTC::@:[${pid}]:${text}`;
const started = (seconds: number, pid: number, name: string) =>
  line(seconds, pid, `LOG:  logical replication apply worker for subscription "${name}" has started`);
const context = (seconds: number, pid: number, origin: number, lsn: string) =>
  line(
    seconds,
    pid,
    `CONTEXT:  processing remote data for replication origin "pg_${origin}" during message type "INSERT" for replication target relation "public.t" in transaction 7, finished at ${lsn}`,
  );
const REFUSED = 'ERROR:  could not connect to the publisher: FATAL:  password authentication failed for user "a"';

const causes = (lines: string[], subscriptions = [shop, ledger], streams: TroubledStream[] = [SHOP, LEDGER]) =>
  Object.fromEntries(
    [...causesIn(lines.join('\n'), subscriptions, streams, MOMENT)].map(([name, { words, among }]) => [
      name,
      among.length === 0 ? words : [words, ...among],
    ]),
  );

test('a line is bound by the origin in its context, whatever started as that process before', () => {
  const lines = [started(15, 7, 'acas_shop'), line(19, 7, 'ERROR:  one'), context(19, 7, 102, '0/600')];
  expect(causes(lines)).toEqual({ acas_ledger: 'one' });
});

test('a line is bound by the start of its process, the latest one', () => {
  const lines = [
    started(15, 7, 'acas_ledger'),
    line(16, 1, 'LOG:  background worker "logical replication apply worker" (PID 7) exited with exit code 1'),
    started(17, 7, 'acas_shop'),
    line(18, 7, REFUSED),
  ];
  expect(causes(lines)).toEqual({ acas_shop: expect.stringContaining('password authentication failed') });
});

test('a worker that makes a first copy is another one, and so is a process that is gone', () => {
  const copy = line(
    15,
    7,
    'LOG:  logical replication table synchronization worker for subscription "acas_shop", table "t" has started',
  );
  expect(causes([copy, line(18, 7, 'ERROR:  duplicate key value violates unique constraint "k"')])).toEqual({});
  const gone = line(16, 1, 'LOG:  background worker "logical replication worker" (PID 7) exited with exit code 1');
  expect(causes([started(15, 7, 'acas_shop'), gone, line(18, 7, 'ERROR:  of an autovacuum')])).toEqual({});
});

test('a line is bound by the subscription or the slot that it names, and by the process that is there now', () => {
  const named = line(
    18,
    9,
    'ERROR:  apply worker for subscription "acas_ledger" could not connect to the publisher: timeout expired',
  );
  expect(causes([named])).toEqual({ acas_ledger: 'timeout expired' });
  const slot = line(
    18,
    9,
    'ERROR:  could not start WAL streaming: ERROR:  replication slot "acas_shop" does not exist',
  );
  expect(causes([slot])).toEqual({ acas_shop: expect.stringContaining('does not exist') });
  const running = { ...SHOP, worker: { pid: 9, startedAt: '2026-11-29T14:02:17.900000Z' } };
  expect(causes([line(17, 9, REFUSED)], [shop, ledger], [running, LEDGER])).toEqual({
    acas_shop: expect.stringContaining('password'),
  });
});

test('where nothing tells whose it is, it is said of which it may be', () => {
  const names = ['acas_shop in database shop', 'acas_ledger in database ledger'];
  const of = [expect.stringContaining('password'), ...names];
  expect(causes([line(18, 9, REFUSED)])).toEqual({ acas_shop: of, acas_ledger: of });
  expect(causes([line(18, 9, REFUSED)], [shop], [SHOP])).toEqual({ acas_shop: expect.stringContaining('password') });
  // Two of one name, in two databases.
  expect(causes([started(15, 7, 'acas_shop'), line(18, 7, REFUSED)], [shop, other], [SHOP])).toEqual({
    acas_shop: [expect.stringContaining('password'), 'acas_shop in database shop', 'acas_shop in database archive'],
  });
  // What is of one for certain says more than a later one that may be.
  const certain = [line(17, 7, 'ERROR:  one'), context(17, 7, 101, '0/600'), line(18, 9, REFUSED)];
  expect(causes(certain, [shop, ledger], [SHOP])).toEqual({ acas_shop: 'one' });
});

test('what others do, and what stops no worker, is no cause', () => {
  expect(
    causes([
      line(18, 9, 'ERROR:  canceling autovacuum task'),
      line(18, 8, 'LOG:  conflict detected on relation "public.t": conflict=update_missing'),
      context(18, 8, 101, '0/600'),
      line(18, 6, 'ERROR:  one'),
      context(18, 6, 999, '0/600'),
    ]),
  ).toEqual({});
  expect(causes([line(18, 9, 'WARNING:  out of logical replication worker slots')], [shop], [SHOP])).toEqual({
    acas_shop: 'out of logical replication worker slots',
  });
});

test.each<[string, number, string, Partial<TroubledStream>, boolean]>([
  ['of just now', 18, '0/600', {}, true],
  ['of the try before', 11, '0/600', {}, true],
  ['of long ago', 1, '0/600', {}, false],
  ['of a transaction that was applied since', 18, '0/400', {}, false],
  ['of a transaction that ends where the stream is', 18, '0/500', {}, true],
  ['of a slot without a position', 18, '0/400', { confirmedLsn: null }, true],
  [
    'of the process before one that stays',
    18,
    '0/600',
    { worker: { pid: 8, startedAt: '2026-11-29T14:02:19.000000Z' }, stays: true },
    false,
  ],
  [
    'of the process that is there, long ago',
    1,
    '0/600',
    { worker: { pid: 7, startedAt: '2026-11-29T14:02:00.500000Z' }, stays: true },
    true,
  ],
])('a line %s: told or not', (_, seconds, lsn, facts, told) => {
  const lines = [line(seconds, 7, 'ERROR:  one'), context(seconds, 7, 101, lsn)];
  expect(causes(lines, [shop, ledger], [{ ...SHOP, ...facts }])).toEqual(told ? { acas_shop: 'one' } : {});
});

test.each<[string, Partial<TroubledStream>, boolean]>([
  ['one worker that has tried for minutes', {}, true],
  ['somebody who reads the slot by now', { read: true }, false],
  ['a worker that began long after', { worker: { pid: 8, startedAt: '2026-11-29T14:02:15.000000Z' } }, false],
])('a connection refused before %s', (_, facts, told) => {
  const worker = { pid: 8, startedAt: '2026-11-29T14:02:05.000000Z' };
  const lines = [started(1, 7, 'acas_shop'), line(4, 7, REFUSED)];
  const stream = { ...SHOP, worker, stays: true, ...facts };
  expect(Object.keys(causes(lines, [shop, ledger], [stream]))).toEqual(told ? ['acas_shop'] : []);
});
