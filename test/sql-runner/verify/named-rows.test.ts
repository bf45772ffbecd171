import fc from 'fast-check';
import { idsOfKeys } from '../../../sql-runner/verify/named-rows';
import { keyTexts } from '../../../sql-runner/verify/row-key';
import type { TableShape } from '../../../sql-runner/verify/table-shape';

const shape = (...names: string[]): TableShape => ({
  oid: '1',
  relkind: 'r',
  columns: [],
  key: names.map((name) => ({ name, equalsIn: 'pg_catalog' })),
  estimatedRows: 0,
});

test('a key gives the name of its row, whatever the order of its columns, and each row is named once', () => {
  const columns = fc.uniqueArray(
    fc.string().filter((name) => name !== '__proto__'),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(columns, fc.array(fc.array(fc.string(), { minLength: 4, maxLength: 4 })), (names, rows) => {
      const entries = rows.map((texts) => names.map((name, i): [string, string] => [name, texts[i]!]));
      const keys = entries.flatMap((row) => [Object.fromEntries(row), Object.fromEntries([...row].reverse())]);
      const named = idsOfKeys(shape(...names), keys);
      if ('why' in named) throw new Error(named.why);
      const wanted = new Map(entries.map((row) => [JSON.stringify(row), row.map(([, text]) => text)]));
      expect(named.ids.map(keyTexts)).toEqual([...wanted.values()]);
    }),
  );
});

test.each([
  ['without a key', shape(), [{ row: '(1,a)' }], /no primary key/],
  ['of a column too few', shape('a', 'b'), [{ a: '1' }], /its key is \(a, b\), and rows are named by \(a\)/],
  ['of a column too many', shape('a'), [{ a: '1' }, { a: '1', b: '2' }], /by \(a, b\)/],
  ['of another column', shape('a'), [{ row: '1' }], /by \(row\)/],
])('a row is not guessed %s', (_, of, keys, why) => {
  expect(idsOfKeys(of, keys as Record<string, string>[])).toEqual({ why: expect.stringMatching(why) as string });
});
