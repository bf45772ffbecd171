import fc from 'fast-check';
import { HEALTH_STATES } from '../../../sql-runner/model/health';
import { createColors } from 'picocolors';
import type { EnvironmentStatus, StreamStatus } from '../../../sql-runner/actions/status';
import { statusText } from '../../../sql-runner/render/status-text';
import type { DatabaseVerdict, Verification } from '../../../sql-runner/actions/verify';
import { verdictText, verifySummary } from '../../../sql-runner/render/verify-text';
import { sampleOf, streamOf } from '../support/stream-status';

const plain = createColors(false);
const equal: DatabaseVerdict = {
  database: 'shop',
  schema: 'public',
  name: 'orders',
  status: 'equal',
  rows: 12_345,
  buckets: 8,
  rechecked: 0,
  differences: [],
  moreDifferences: false,
  seconds: 0.42,
};
const different: DatabaseVerdict = {
  ...equal,
  name: 'items',
  status: 'different',
  rechecked: 1_000,
  differences: [{ key: { order: '7', line: '1' }, kind: 'missing on target', sourceLsn: '0/3000000' }],
  moreDifferences: true,
};

/** What status leaves to plan and doctor: its last line, wherever there is a clone. */
const LEFT = [
  'Not looked at by status: what the clone may refuse by its rights, row security,',
  '  functions, foreign keys, publications and settings, and whether the servers',
  '  have room; sql-runner plan and doctor look',
];

test('an equal table is one line', () => {
  expect(verdictText(equal, plain)).toBe('  equal        shop: public.orders  12,345 rows, 0.4 s');
});

test('a different table names its rows by key', () => {
  expect(verdictText(different, plain).split('\n')).toEqual([
    '  different    shop: public.items  12,345 rows, 1,000 read again, 0.4 s',
    '      missing on target: order = 7, line = 1 (as of 0/3000000)',
    '      and more',
  ]);
});

test('the reason of a table that could not be judged is told', () => {
  expect(verdictText({ ...equal, status: 'unsupported', reason: 'no such table' }, plain)).toContain(
    '\n      no such table',
  );
  expect(
    verdictText({ ...equal, status: 'unsupported', code: 'VERIFY_GAVE_WAY', reason: 'it gave way' }, plain),
  ).toContain('\n      VERIFY_GAVE_WAY: it gave way');
});

const found = (tables: DatabaseVerdict[], more: Partial<Verification> = {}): Verification => ({
  tables,
  notReplicated: [],
  doubts: [],
  notCompared: [],
  ...more,
});

test('the summary says equal only when all are', () => {
  expect(verifySummary(found([equal]), plain, 'n')).toBe('Equal: 1 of 1 tables equal; 12,345 rows compared.');
  const mixed = [equal, different, { ...equal, status: 'unsettled' as const }];
  expect(verifySummary(found(mixed), plain, 'new clone')).toBe(
    [
      'Not equal: 1 of 3 tables equal, 1 different, 1 unsettled; 37,035 rows compared.',
      '  What to do: rows that differ stay so, whatever rows arrive later; new clone',
    ].join('\n'),
  );
});

test('what is not replicated, not proven or not compared is said, and only the last leaves the verdict alone', () => {
  const gone = { database: 'shop', schema: 'public', name: 'gone', reason: 'taken out of the publication' };
  expect(verifySummary(found([equal], { notReplicated: [gone] }), plain, 'n').split('\n')).toEqual([
    'Not equal: 1 of 2 tables equal, 1 not replicated; 12,345 rows compared.',
    '  not replicated: shop: public.gone (taken out of the publication)',
  ]);
  expect(verifySummary(found([equal], { doubts: ['it is disabled'] }), plain, 'n')).toMatch(
    /^Not proven: 1 of 1 tables equal; .*\n {2}not proven: it is disabled$/,
  );
  expect(verifySummary(found([equal], { notCompared: ['database shop: 3 sequences'] }), plain, 'n')).toMatch(
    /^Equal: 1 of 1 tables equal; .*\n {2}not compared: database shop: 3 sequences$/,
  );
  expect(verifySummary(found([]), plain, 'n')).toMatch(/^Not proven: 0 of 0/);
});

const statusOf = (streams: StreamStatus[], more: Partial<EnvironmentStatus> = {}): EnvironmentStatus => ({
  ...sampleOf(streams).status,
  ...more,
});

test('status: where both sides are, a line per stream, a dash for what is not known', () => {
  const streams = [
    streamOf('shop', {
      lagBytes: 2048,
      lagSeconds: 3,
      since: '2026-01-01T02:00:00.000000Z',
      provenUntil: '2026-01-02T03:03:59Z',
    }),
    streamOf('ledger', { state: 'not prepared', retainedBytes: null, lagBytes: null, lagSeconds: null }),
  ];
  const beside = ['STREAM_FORGOTTEN: slot acas_demo_old'];
  expect(statusText(statusOf(streams, { beside }), plain).split('\n')).toEqual([
    'Environment demo at 2026-01-02 03:04:05 UTC: ticket issued',
    '  source account 111111111111, source.example.com:5432',
    '  clone  account 222222222222, clone.example.com:5432, seed LSN 0/1',
    '  rows   compared by sql-runner verify demo alone',
    '',
    'database  state         since  proven     lag  behind  WAL kept',
    'shop      streaming     01-01  03:03   2.0 kB     3 s       0 B',
    'ledger    not prepared  -      -            -       -         -',
    '',
    'ledger: not prepared',
    '  Runbook: docs/runbooks/not-prepared.md',
    '',
    'STREAM_FORGOTTEN: slot acas_demo_old',
    '',
    ...LEFT,
  ]);
});

test('status: before there is a clone nothing is left to others', () => {
  const text = (clone: 'deployed' | 'not deployed') => statusText({ ...statusOf([streamOf('shop')]), clone }, plain);
  expect(text('deployed').endsWith(['', ...LEFT].join('\n'))).toBe(true);
  expect(text('not deployed')).not.toContain('Not looked at');
});

test('status: what nobody could look at is said of streams that are well, too', () => {
  const unlooked = ['whether somebody was there: why', 'whether it was altered: why not'];
  expect(
    statusText(statusOf([streamOf('shop')], { unlooked }), plain)
      .split('\n')
      .slice(-5 - LEFT.length, -1 - LEFT.length),
  ).toEqual([
    '',
    'Not looked at: whether somebody was there: why',
    '',
    'Not looked at: whether it was altered: why not',
  ]);
});

test('of streams that are held together one says it for all, and what that costs production which costs it most', () => {
  const held = (database: string, retainedBytes: number, consequence: string) =>
    streamOf(database, { state: 'held', retainedBytes, consequence });
  const streams = [held('shop', 1, 'production keeps 1 B'), held('ledger', 9, 'production keeps 9 B')];
  const text = statusText(statusOf(streams), plain);
  expect(text).toContain('2 databases: held');
  expect(text).toContain('  Meanwhile: for ledger, the most of them: production keeps 9 B');
});

const words = fc
  .array(fc.stringMatching(/^[a-z_.,;:()]{1,40}$/), { minLength: 1, maxLength: 60 })
  .map((all) => all.join(' '));
const streams = fc.record({
  database: fc.stringMatching(/^[a-z_]{1,63}$/),
  state: fc.constantFrom(...HEALTH_STATES),
  since: fc.constantFrom(null, '2026-01-02T02:00:00.000000Z'),
  problems: fc.array(fc.record({ code: fc.constant('SLOT_LOST' as const), seen: words, why: words, next: words }), {
    maxLength: 2,
  }),
  evidence: fc.array(words, { maxLength: 2 }),
  consequence: fc.option(words),
  next: fc.option(words),
  lagBytes: fc.option(fc.maxSafeNat()),
  retainedBytes: fc.option(fc.maxSafeNat()),
});

test('status fits 80 columns however a stream stands and whatever is said of it, and says all of it', () => {
  fc.assert(
    fc.property(fc.array(streams, { minLength: 1, maxLength: 4 }), (all) => {
      const text = statusText(statusOf(all.map((more) => streamOf(more.database, more))), plain);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
      const said = text.replace(/\s+/g, ' ');
      for (const { problems } of all)
        for (const { seen, why, next } of problems)
          for (const part of [seen, why]) expect([said.includes(part), next !== '']).toEqual([true, true]);
    }),
  );
});
