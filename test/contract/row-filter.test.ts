import fc from 'fast-check';
import { describePart, isRowFilter, parseRowFilter, samePart } from '../../contract/row-filter';

const namesIn = (text: string): string[] => {
  const parsed = parseRowFilter(text);
  return 'fault' in parsed ? [parsed.fault] : [...parsed.names].sort();
};

test.each([
  [`region = 'eu'`, ['region']],
  [`Region = 'eu' AND "Region" <> 'us'`, ['Region', 'and', 'region']],
  [`(region = ANY ('{a,b}'::text[]))`, ['any', 'region', 'text']],
  [`id >= 1000 and amount > .5e-3 or a.b is not null`, ['a', 'amount', 'and', 'b', 'id', 'is', 'not', 'null', 'or']],
  [`name = 'it''s' AND "a""b" IS TRUE`, ['a"b', 'and', 'is', 'name', 'true']],
  [`((größe)::numeric % 2) = 0`, ['größe', 'numeric']],
])('%s is a condition, and names what it names', (text, names) => {
  expect(isRowFilter(text)).toBe(true);
  expect(namesIn(text)).toEqual(names);
});

test.each([
  ['true) OR (true', 'belong'],
  ['a = 1; DROP TABLE x', 'belong'],
  ['a = 1 -- all', 'comment'],
  ['a = 1 /* all */', 'comment'],
  ['(a = 1', 'missing'],
  ['a[1) = 1', 'belong'],
  ['(a]', 'belong'],
  [`a = 'b`, 'belong'],
  ['a = "b', 'belong'],
  [`a = E'b'`, 'told apart'],
  [`a = E'\\''`, 'belong'],
  [`a = U&'x'`, 'told apart'],
  [`U&"\\0061" = 1`, 'told apart'],
  [`a = 'b\\' OR true`, 'belong'],
  ['a = $1', 'belong'],
  ['a = $$b$$', 'belong'],
  ['a = \\x', 'belong'],
  [`a = 0x1f`, 'told apart'],
  [`a = x'1f'`, 'told apart'],
  ['', 'names no column'],
  ['1 = 1', 'names no column'],
  ['""', 'belong'],
  ['a = "\0"', 'belong'],
])('%s is none', (text, fault) => {
  expect(namesIn(text)).toEqual([expect.stringContaining(fault)]);
});

/** What a condition must not be able to do: end the parentheses, a string or the statement that it is put into. */
test('whatever is taken closes all that it opens, and nothing else', () => {
  const piece = fc.constantFrom(
    ...[
      `'`,
      `"`,
      '(',
      ')',
      '[',
      ']',
      ';',
      '--',
      '/*',
      '*/',
      '\\',
      '$',
      '$$',
      'a',
      'E',
      'u&',
      '1',
      ' ',
      '\n',
      '=',
      `''`,
      '::',
    ],
  );
  const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      if (!isRowFilter(text)) return;
      // Without what is quoted, by another reading: a quote of each kind from left to right.
      const bare = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ');
      expect(bare).not.toMatch(/['";$\\]|--|\/\*/);
      let depth = 0;
      for (const sign of bare) {
        if ('(['.includes(sign)) depth += 1;
        if (')]'.includes(sign)) depth -= 1;
        expect(depth).toBeGreaterThanOrEqual(0);
      }
      expect(depth).toBe(0);
    }),
    { numRuns: 20_000 },
  );
});

test('parts are the same whatever the order of their columns, and shown in words', () => {
  expect(samePart({ columns: ['a', 'b'] }, { columns: ['b', 'a'] })).toBe(true);
  expect(samePart({ columns: ['a', 'b'] }, { columns: ['a'] })).toBe(false);
  expect(samePart({}, { columns: ['a'] })).toBe(false);
  expect(samePart({ where: 'a' }, { where: 'b' })).toBe(false);
  expect(describePart({ where: 'a = 1', columns: ['a', 'b'] })).toBe('rows where a = 1, columns a, b');
  expect(describePart({})).toBe('');
});
