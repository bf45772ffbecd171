import { formatMark, ownMark, parseMark } from '../../../sql-runner/model/mark';

const mark = {
  kind: 'publication' as const,
  environment: 'demo',
  slot: 's"\'\\',
  ticket: { nonce: 'n', confirmedFlushLsn: '0/1' },
};

test('a mark comes back from a comment as it went in', () => {
  expect(parseMark(formatMark(mark))).toEqual(mark);
});

test.each([
  ['none', null],
  ['empty', ''],
  ["somebody's", 'reports of example.com'],
  ['cut off', formatMark(mark).slice(0, -1)],
  ['of an unknown kind', formatMark(mark).replace('publication', 'view')],
  ['with something before it', ` ${formatMark(mark)}`],
])('a comment that is %s is no mark of ours', (_, comment) => {
  expect(parseMark(comment)).toBeNull();
});

test("another kind or another environment is another's", () => {
  expect(ownMark(formatMark(mark), 'publication', 'demo')).toEqual(mark);
  expect(ownMark(formatMark(mark), 'role', 'demo')).toBeNull();
  expect(ownMark(formatMark(mark), 'publication', 'demo2')).toBeNull();
});
