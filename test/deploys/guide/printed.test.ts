import { untrue } from './printed';

const PRINTED = 'one\n\n\u001b[1mtwo   words\u001b[0m\nthree\ntwo words\nfour\n';

test.each([
  ['all of it', 'one\ntwo words\nthree\ntwo words\nfour'],
  ['lines that are left out', '…\nthree\n…'],
  ['at the end', 'one\n…\ntwo words\nfour'],
  ['at the beginning', 'one\ntwo words\n…'],
  ['none where some may be', 'one\n…\ntwo words\n…\nthree\n…\nfour\n…'],
  ['no words where some may be', 'one\ntwo … words\n…'],
  ['words that are left out', 'o…\ntwo …\nth…ee\n…two words…\nfour'],
])('it is true: %s', (_, expected) => expect(untrue(expected, PRINTED)).toBe(''));

test.each([
  ['a line that was not printed', 'one\n…\nfive\n…', 'not printed:\nfive'],
  ['another order', '…\nthree\n…\none\n…', 'not printed:\none'],
  ['lines that do not follow on each other', '…\none\nthree\n…', 'not printed:\none\nthree'],
  ['one line that stands for two', '…\nfour\n…\nfour', 'not printed:\nfour'],
  ['more at the end', 'one\ntwo words\nthree\ntwo words', 'printed as well:\nfour'],
  ['more at the end, after some that are left out', 'one\n…\nthree', 'not printed:\nthree'],
  ['more at the beginning', 'two words\n…', 'not printed:\ntwo words'],
  ['a part of a line', '…\ntwo\n…', 'not printed:\ntwo'],
  ['a character that is special elsewhere', '…\nf.ur\n…', 'not printed:\nf.ur'],
  ['nothing at all', '', 'printed as well:\none\ntwo words\nthree\ntwo words\nfour'],
])('it is not: %s', (_, expected, said) => expect(untrue(expected, PRINTED)).toBe(said));

test('whether cdktf put the name of the stack before a line does not matter', () => {
  const expected = 'dev-source  Apply complete!\nOutputs:';
  expect(untrue(expected, 'dev-source  Apply complete!\n\n            Outputs:\n')).toBe('');
  expect(untrue(expected, '            Apply complete!\ndev-source  Outputs:\n')).toBe('');
  expect(untrue(expected, 'dev-source\nApply complete!\nOutputs:\n')).not.toBe('');
});
