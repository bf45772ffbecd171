import { changedTables, type SentName } from '../../../sql-runner/postgres/sent-names';

/** As proto.c writes it: `R`, the oid, schema, name, identity, and the columns. */
function relation(oid: number, { schema, name, columns }: SentName): string {
  const number = (value: number, bytes: number) => {
    const data = Buffer.alloc(bytes);
    data.writeUIntBE(value, 0, bytes);
    return data;
  };
  const text = (value: string) => Buffer.from(`${value}\0`, 'utf8');
  return Buffer.concat([
    Buffer.from('R'),
    number(oid, 4),
    text(schema),
    text(name),
    Buffer.from('d'),
    number(columns.length, 2),
    ...columns.flatMap((column) => [number(1, 1), text(column), number(23, 4), number(0xffff_ffff, 4)]),
  ]).toString('hex');
}

const named = (name: string, ...columns: string[]): SentName => ({ schema: 'public', name, columns });
const sent = (n: number, oid: number, name: SentName) => ({ n, data: relation(oid, name) });
const hex = (oid: number) => oid.toString(16).padStart(8, '0');

test('a table is known by the name that was sent last before its first change', () => {
  const [a, b] = [named('a', 'id'), named('bé"', 'id', 'né', 'x')];
  expect(
    changedTables({
      changes: [{ relation: hex(70_000), first: 8, last: 9 }],
      truncated: null,
      names: [sent(1, 70_000, a), sent(3, 16_400, a), sent(7, 70_000, b)],
    }),
  ).toEqual([{ oid: 70_000, names: [b] }]);
});

test('what is renamed between its first change and its last has both names, and not what comes after', () => {
  const [a, b, c] = [named('a'), named('b'), named('c')];
  expect(
    changedTables({
      changes: [{ relation: hex(5), first: 2, last: 6 }],
      truncated: null,
      names: [sent(1, 5, a), sent(4, 5, b), sent(8, 5, c)],
    }),
  ).toEqual([{ oid: 5, names: [a, b] }]);
});

test('TRUNCATE counts as a change of each of its tables', () => {
  const [a, b] = [named('a'), named('b')];
  const data = `54${hex(2)}00${hex(5)}${hex(6)}`;
  expect(
    changedTables({
      changes: [{ relation: hex(5), first: 2, last: 2 }],
      truncated: [{ n: 7, data }],
      names: [sent(1, 5, a), sent(4, 5, b), sent(6, 6, b)],
    }),
  ).toEqual([
    { oid: 5, names: [a, b] },
    { oid: 6, names: [b] },
  ]);
});

test('a transaction without changes names none', () => {
  expect(changedTables({ changes: null, truncated: null, names: null })).toEqual([]);
});
