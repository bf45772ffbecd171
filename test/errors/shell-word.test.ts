import { execFileSync } from 'node:child_process';
import { shellWord } from '../../errors/shell-word';

test.each(['shop', `Wéird "D'B`, '', '$(id)', 'a b', "''", 'a;b', '`x`', '\\'])(
  'a shell takes %j for one word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf '<%s>' ${shellWord(text)}`], { encoding: 'utf8' })).toBe(`<${text}>`);
  },
);

test('what needs no quotes has none', () => {
  expect(['shop', 'shop-1_b.c'].map(shellWord)).toEqual(['shop', 'shop-1_b.c']);
});
