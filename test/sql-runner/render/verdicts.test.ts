import { createColors } from 'picocolors';
import type { EnvironmentStatus } from '../../../sql-runner/engine/status';
import { statusText } from '../../../sql-runner/render/status-text';
import { verdictText, verifySummary, type DatabaseVerdict } from '../../../sql-runner/render/verify-text';

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
});

test('the summary says equal only when all are', () => {
  expect(verifySummary([equal], plain)).toBe('Equal: 1 of 1 tables equal; 12,345 rows compared.');
  const mixed = [equal, different, { ...equal, status: 'unsettled' as const }];
  expect(verifySummary(mixed, plain)).toBe(
    'Not equal: 1 of 3 tables equal, 1 different, 1 unsettled; 37,035 rows compared.',
  );
});

test('status: a line per stream, a dash for what is not known', () => {
  const status: EnvironmentStatus = {
    environment: 'demo',
    ticket: 'issued',
    clone: 'deployed',
    seedLsn: '0/3000000',
    streams: [
      {
        database: 'shop',
        state: 'streaming',
        doubt: null,
        trouble: null,
        tables: 12,
        slot: 's',
        walStatus: 'reserved',
        confirmedLsn: '0/4',
        lagBytes: 2048,
        lastMessage: null,
        applyErrors: 0,
      },
      {
        database: 'ledger',
        state: 'not prepared',
        doubt: null,
        trouble: null,
        tables: 0,
        slot: 's',
        walStatus: null,
        confirmedLsn: null,
        lagBytes: null,
        lastMessage: null,
        applyErrors: null,
      },
    ],
  };
  const lines = statusText(status, plain).split('\n');
  expect(lines[0]).toBe('Environment demo: clone deployed, ticket issued, seed LSN 0/3000000');
  expect(lines.find((line) => line.includes('shop'))).toMatch(/streaming.*12.*2\.0 kB.*0\/4.*reserved.*0/);
  expect(lines.find((line) => line.includes('ledger'))).toMatch(/not prepared.*│ 0 .*│ - .*│ - .*│ - .*│ - /);
});
