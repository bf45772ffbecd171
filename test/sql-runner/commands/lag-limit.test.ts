import { beyondLag, lagLimit } from '../../../sql-runner/commands/lag-limit';

test.each<[string, number]>([
  ['0B', 0],
  ['512kB', 512_000],
  ['100MB', 100_000_000],
  ['100 mb', 100_000_000],
  ['1.5GB', 1_500_000_000],
  ['2TB', 2_000_000_000_000],
  ['1KiB', 1024],
  ['3 MiB', 3_145_728],
  ['2GiB', 2_147_483_648],
  ['1TiB', 1_099_511_627_776],
])('%s is %d bytes', (text, bytes) => {
  expect(lagLimit(text)).toEqual({ bytes, seconds: null, written: text });
});

test.each([
  ['90s', 90],
  ['5 min', 300],
  ['1.5h', 5_400],
])('%s is %d seconds', (text, seconds) => {
  expect(lagLimit(text)).toEqual({ bytes: null, seconds, written: text });
});

test.each(['', '100', '10m', '-1MB', 'MB', '1e3MB', '1.MB', '10PB', '10iB', 'constructor'])(
  '%j is no limit',
  (text) => {
    expect(lagLimit(text)).toBeNull();
  },
);

test('who is further behind is named, and of whom nobody knows', () => {
  const streams = [
    { database: 'shop', lagBytes: 1_000, lagSeconds: 60 },
    { database: 'ledger', lagBytes: 1_001, lagSeconds: 60.5 },
    { database: 'audit', lagBytes: null, lagSeconds: null },
  ];
  expect(beyondLag(streams, lagLimit('1kB')!)).toEqual([
    'ledger: 1.0 kB behind, which is above 1kB',
    'audit: its lag cannot be read, so it may well be above 1kB',
  ]);
  expect(beyondLag(streams.slice(0, 1), lagLimit('1kB')!)).toEqual([]);
  expect(beyondLag(streams, lagLimit('1min')!)).toEqual([
    'ledger: 61 s behind, which is above 1min',
    'audit: its lag cannot be read, so it may well be above 1min',
  ]);
  expect(beyondLag(streams, lagLimit('2min')!)).toHaveLength(1);
});
