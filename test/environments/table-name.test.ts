import fc from 'fast-check';
import { escapeIdentifier } from 'pg';
import { parseTableName } from '../../environments/table-name';

test.each([
  ['public.orders', { schema: 'public', name: 'orders' }],
  ['public."Mixed Name"', { schema: 'public', name: 'Mixed Name' }],
  ['"a.b"."c.d"', { schema: 'a.b', name: 'c.d' }],
  ['"say ""hi"""._x$1', { schema: 'say "hi"', name: '_x$1' }],
])('%s', (text, expected) => {
  expect(parseTableName(text)).toEqual(expected);
});

test.each([
  'orders',
  'a.b.c',
  'Public.orders',
  'public.',
  '.orders',
  'public."open',
  'public.""',
  'public.a b',
  `public.${'x'.repeat(64)}`,
  '',
])('%j is not a table name', (text) => {
  expect(parseTableName(text)).toBeUndefined();
});

test('what PostgreSQL quotes is read back, whatever the names', () => {
  const part = fc.string({ minLength: 1, maxLength: 15 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(part, part, (schema, name) => {
      expect(parseTableName(`${escapeIdentifier(schema)}.${escapeIdentifier(name)}`)).toEqual({ schema, name });
    }),
  );
});
