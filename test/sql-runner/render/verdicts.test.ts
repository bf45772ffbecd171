import { createColors } from 'picocolors';
import type { EnvironmentStatus } from '../../../sql-runner/actions/status';
import { statusText } from '../../../sql-runner/render/status-text';
import type { DatabaseVerdict, Verification } from '../../../sql-runner/actions/verify';
import { verdictText, verifySummary } from '../../../sql-runner/render/verify-text';
import { streamOf } from '../support/stream-status';

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
  expect(verifySummary(found([equal]), plain)).toBe('Equal: 1 of 1 tables equal; 12,345 rows compared.');
  const mixed = [equal, different, { ...equal, status: 'unsettled' as const }];
  expect(verifySummary(found(mixed), plain)).toBe(
    'Not equal: 1 of 3 tables equal, 1 different, 1 unsettled; 37,035 rows compared.',
  );
});

test('what is not replicated, not proven or not compared is said, and only the last leaves the verdict alone', () => {
  const gone = { database: 'shop', schema: 'public', name: 'gone', reason: 'taken out of the publication' };
  expect(verifySummary(found([equal], { notReplicated: [gone] }), plain).split('\n')).toEqual([
    'Not equal: 1 of 2 tables equal, 1 not replicated; 12,345 rows compared.',
    '  not replicated: shop: public.gone (taken out of the publication)',
  ]);
  expect(verifySummary(found([equal], { doubts: ['it is disabled'] }), plain)).toMatch(
    /^Not proven: 1 of 1 tables equal; .*\n {2}not proven: it is disabled$/,
  );
  expect(verifySummary(found([equal], { notCompared: ['database shop: 3 sequences'] }), plain)).toMatch(
    /^Equal: 1 of 1 tables equal; .*\n {2}not compared: database shop: 3 sequences$/,
  );
  expect(verifySummary(found([]), plain)).toMatch(/^Not proven: 0 of 0/);
});

test('status: a line per stream, a dash for what is not known', () => {
  const status: EnvironmentStatus = {
    environment: 'demo',
    ticket: 'issued',
    clone: 'deployed',
    unread: null,
    seedLsn: '0/3000000',
    beside: ['STREAM_FORGOTTEN: slot acas_demo_old'],
    streams: [
      streamOf('shop', { tables: 12, confirmedLsn: '0/4', lagBytes: 2048 }),
      streamOf('ledger', {
        state: 'not prepared',
        tables: 0,
        walStatus: null,
        confirmedLsn: null,
        lagBytes: null,
        applyErrors: null,
      }),
    ],
  };
  const lines = statusText(status, plain).split('\n');
  expect(lines[0]).toBe('Environment demo: clone deployed, ticket issued, seed LSN 0/3000000');
  expect(lines.find((line) => line.includes('shop'))).toMatch(/streaming.*12.*2\.0 kB.*0\/4.*reserved.*0/);
  expect(lines.at(-1)).toBe('STREAM_FORGOTTEN: slot acas_demo_old');
  expect(lines.find((line) => line.includes('ledger'))).toMatch(/not prepared.*│ 0 .*│ - .*│ - .*│ - .*│ - /);
});
