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
  expect(lagLimit(text)).toEqual({ bytes, written: text });
});

test.each(['', '100', '10s', '-1MB', 'MB', '1e3MB', '1.MB', '10PB', '10iB', 'constructor'])(
  '%j is no limit',
  (text) => {
    expect(lagLimit(text)).toBeNull();
  },
);

test('who is further behind is named, and of whom nobody knows', () => {
  const streams = [
    { database: 'shop', lagBytes: 1_000 },
    { database: 'ledger', lagBytes: 1_001 },
    { database: 'audit', lagBytes: null },
  ];
  expect(beyondLag(streams, lagLimit('1kB')!)).toEqual([
    'ledger: 1.0 kB behind, which is above 1kB',
    'audit: its lag cannot be read, so it may well be above 1kB',
  ]);
  expect(beyondLag(streams.slice(0, 1), lagLimit('1kB')!)).toEqual([]);
});
