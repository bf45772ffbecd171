import fc from 'fast-check';
import { parseTablePattern, tableMatcher } from '../../contract/table-pattern';

const means = (pattern: string, schema: string, name: string): boolean => tableMatcher([pattern])({ schema, name });

test('a name means that table, and a star any characters', () => {
  expect(means('public.orders', 'public', 'orders')).toBe(true);
  expect(means('public.orders', 'public', 'orders_2026')).toBe(false);
  expect(means('public.orders', 'sales', 'orders')).toBe(false);
  expect(means('public.audit_*', 'public', 'audit_')).toBe(true);
  expect(means('public.audit_*', 'public', 'audit_2026')).toBe(true);
  expect(means('public.audit_*', 'public', 'my_audit_2026')).toBe(false);
  expect(means('archive.*', 'archive', 'Whatever it is.')).toBe(true);
  expect(means('*.sessions', 'any', 'sessions')).toBe(true);
  expect(means('public.a*a', 'public', 'a')).toBe(false);
  expect(means('public.a*a', 'public', 'aa')).toBe(true);
  expect(means('public.*_tmp_*', 'public', 'x_tmp_')).toBe(true);
});

test('in double quotes a star is a star', () => {
  expect(means('public."a*"', 'public', 'a*')).toBe(true);
  expect(means('public."a*"', 'public', 'ab')).toBe(false);
  expect(means('"My ""One"""."T"', 'My "One"', 'T')).toBe(true);
});

test.each([
  'orders',
  'public.',
  '.orders',
  'public.Orders',
  'a.b.c',
  'public.a b',
  `public.${'x'.repeat(64)}`,
  `public.${'x'.repeat(60)}*yyyy`,
])('%s is no pattern', (text) => {
  expect(parseTablePattern(text)).toBeUndefined();
  expect(means(text, 'public', 'orders')).toBe(false);
});

test('whatever is put in place of the stars is meant, and what an expression of the same says, it says', () => {
  const part = fc.stringMatching(/^[ab]{0,3}$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.stringMatching(/^[ab]{1,8}$/), (parts, name) => {
      const pattern = parts.join('*');
      fc.pre(pattern !== '');
      const expected = new RegExp(`^${parts.join('.*')}$`).test(name);
      expect(means(`public.${pattern}`, 'public', name)).toBe(expected);
    }),
  );
});
