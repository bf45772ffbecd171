import fc from 'fast-check';
import { transactionOf, type SentRow } from '../../../sql-runner/postgres/sent-messages';

const hex = (value: number | bigint, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');
const relation = (oid: number, schema: string, name: string): string =>
  `52${hex(oid, 4)}${Buffer.from(`${schema}\0${name}\0`).toString('hex')}6400020100`;
const truncate = (...oids: number[]): string => `54${hex(oids.length, 4)}00${oids.map((oid) => hex(oid, 4)).join('')}`;

const ROW: SentRow = {
  xid: '725',
  committed: hex(0x1_0000_02a0n, 8),
  ended: hex(0x1_0000_02d0n, 8),
  micros: hex(86_400_000_000n, 8),
  changes: null,
  truncated: null,
  relations: null,
};

test('positions, time and names are those of the messages', () => {
  const found = transactionOf({
    ...ROW,
    changes: [
      { kind: 'I', relation: hex(16_384, 4), count: 3 },
      { kind: 'D', relation: hex(16_384, 4), count: 1 },
      { kind: 'U', relation: hex(77, 4), count: 2 },
    ],
    truncated: [truncate(77, 16_500)],
    relations: [relation(16_384, 'public', 'old'), relation(16_384, 'public', 'Ünï'), relation(77, 'a', 'b')],
  });
  expect(found).toEqual({
    xid: '725',
    finish: '1/2A0',
    end: '1/2D0',
    committed: '2000-01-02T00:00:00.000Z',
    tables: [
      // Of one that no message names only its oid is known.
      { schema: '', name: '(16500)', inserted: 0, updated: 0, deleted: 0, truncated: true },
      { schema: 'a', name: 'b', inserted: 0, updated: 2, deleted: 0, truncated: true },
      { schema: 'public', name: 'Ünï', inserted: 3, updated: 0, deleted: 1, truncated: false },
    ],
  });
});

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));

test('every change is counted once, whatever the names', () => {
  const table = fc.record({
    oid: fc.integer({ min: 1, max: 0xffff_ffff }),
    schema: name,
    name,
    counts: fc.array(fc.nat(1_000), { minLength: 3, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(table, { selector: ({ oid }) => oid, minLength: 1 }), (tables) => {
      const found = transactionOf({
        ...ROW,
        changes: tables.flatMap(({ oid, counts }) =>
          ['I', 'U', 'D'].map((kind, index) => ({ kind, relation: hex(oid, 4), count: counts[index]! })),
        ),
        relations: tables.map((one) => relation(one.oid, one.schema, one.name)),
      });
      const texts = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
      expect(texts(found.tables)).toEqual(
        texts(
          tables.map(({ schema, name: own, counts: [inserted, updated, deleted] }) => ({
            schema,
            name: own,
            inserted,
            updated,
            deleted,
            truncated: false,
          })),
        ),
      );
    }),
  );
});

test('what cannot be a commit is no transaction', () => {
  expect(() => transactionOf({ ...ROW, ended: hex(1, 8) })).toThrow('before it begins');
});
