import { logEntries } from '../../../sql-runner/checks/log-entries';

const AT = '2026-11-29T14:02:11';

test.each([
  ['of RDS', '2026-11-29 14:02:11 UTC::@:[1234]:', `${AT}.000Z`],
  [
    'of RDS, with more behind it',
    '2026-11-29 14:02:11 UTC::@:[1234]:7:23505:2026-11-29 13:00:00 UTC:3/42:742:656a.4d2:',
    `${AT}.000Z`,
  ],
  ['of PostgreSQL, as in the lab', '2026-11-29 14:02:11.345 UTC [1234] ', `${AT}.345Z`],
  ['with an offset from UTC', '2026-11-29 15:02:11.345 +01 [1234] ', `${AT}.345Z`],
])('a message with the prefix %s', (_, prefix, at) => {
  const text = [
    `${prefix}ERROR:  null value in column "a"`,
    `${prefix}DETAIL:  Failing row contains (1,`,
    `\tnull).`,
    `${prefix}STATEMENT:  not told`,
    `\tover two lines`,
    `${prefix}CONTEXT:  processing remote data`,
    '',
  ].join('\n');
  expect(logEntries(text)).toEqual(
    [
      {
        at,
        pid: 1234,
        level: 'ERROR',
        message: 'null value in column "a"',
        detail: 'Failing row contains (1,\nnull).',
        context: 'processing remote data',
      },
    ].map((one) => expect.objectContaining(one) as unknown),
  );
});

test('lines of several processes that are mixed belong to their own messages', () => {
  const line = (pid: number, text: string) => `2026-11-29 14:02:11 UTC::@:[${pid}]:${text}`;
  const entries = logEntries(
    [
      line(1, 'ERROR:  one'),
      line(2, 'ERROR:  two'),
      line(1, 'DETAIL:  of one'),
      line(2, 'DETAIL:  of two'),
      line(3, 'DETAIL:  of what was before'),
    ].join('\n'),
  );
  expect(entries.map(({ message, detail }) => [message, detail])).toEqual([
    ['one', 'of one'],
    ['two', 'of two'],
  ]);
});

test.each([
  ['of a session, whose names a client chooses', '2026-11-29 14:02:11 UTC:10.0.0.1(5432):app@shop:[12]:ERROR:  x'],
  [
    'of a session that names itself like a worker',
    '2026-11-29 14:02:11 UTC:10.0.0.1(5432):::@:[7]:ERROR@shop:[12]:ERROR:  x',
  ],
  ['of a session of the lab', '2026-11-29 14:02:11.345 UTC [12] psql ERROR:  x'],
  ['of a zone that stands for several', '2026-11-29 14:02:11 CST::@:[12]:ERROR:  x'],
  ['within a statement of somebody', '\t2026-11-29 14:02:11 UTC::@:[12]:ERROR:  x'],
  ['of no time', '2026-99-29 14:02:11 UTC::@:[12]:ERROR:  x'],
  ['that is cut off', '14:02:11 UTC::@:[12]:ERROR:  x'],
])('a line %s is nothing that a worker said', (_, line) => {
  expect(logEntries(line)).toEqual([]);
});
