import { originOf, partsOf } from '../../../sql-runner/checks/log-parts';

const entry = (message: string, detail: string | null = null, context: string | null = null) => ({
  at: '2026-11-29T14:02:11.000Z',
  pid: 7,
  level: 'ERROR',
  message,
  detail,
  context,
});
const key = (detail: string) => partsOf(entry('duplicate key value violates unique constraint "k"', detail)).key;

test('a conflict as 18 tells it: the key, and nothing else of both rows', () => {
  const parts = partsOf(
    entry(
      'conflict detected on relation "public.orders": conflict=insert_exists',
      'Key already exists in unique index "orders_pkey", modified in transaction 770.\nKey (id)=(1010); existing local row (1010, secret); remote row (1010, other).',
      'processing remote data for replication origin "pg_16401" during message type "INSERT" for replication target relation "public.orders" in transaction 742, finished at 0/15A3B88',
    ),
  );
  expect(parts).toMatchObject({
    kind: 'conflict',
    table: { schema: 'public', name: 'orders' },
    constraint: 'orders_pkey',
    key: [{ column: 'id', value: '1010' }],
    finishLsn: '0/15A3B88',
  });
  expect(JSON.stringify(parts)).not.toMatch(/secret|other/);
});

test.each([
  ['Key (id)=(1) already exists.', [['id', '1']]],
  [
    'Key (a, "B c")=(1, x) already exists.',
    [
      ['a', '1'],
      ['B c', 'x'],
    ],
  ],
  ['Key ("with ""quotes""")=(1, x) already exists.', [['with "quotes"', '1, x']]],
  ['Key (a)=(over\ntwo lines) already exists.', [['a', 'over\ntwo lines']]],
  // Nobody knows which comma is whose.
  ['Key (a, b)=(1, x, y) already exists.', null],
  // Of NULLS NOT DISTINCT, or the text.
  ['Key (a)=(null) already exists.', null],
  ['Key (lower(a))=(x) already exists.', null],
  ['Key (a, lower(b))=(1, x) already exists.', null],
  ['Failing row contains (1).', null],
  // A value that looks like the end of the key.
  [
    'Key already exists in unique index "k".\nKey (a)=(x); existing local row (y); existing local row (x, secret).',
    null,
  ],
])('a key is told only where it is certain: %s', (detail, parts) => {
  expect(key(detail)).toEqual(parts?.map(([column, value]) => ({ column, value })) ?? null);
});

test('a name with a dot in it is told in no part: nobody knows where the schema ends', () => {
  expect(partsOf(entry('logical replication target relation "a.b.c" does not exist')).table).toBeNull();
  expect(partsOf(entry('logical replication target relation "My schema.My "table"" does not exist')).table).toEqual({
    schema: 'My schema',
    name: 'My "table"',
  });
});

test.each([
  ['invalid input syntax for type integer: "secret "quoted" text"', 'invalid input syntax for type integer'],
  ['invalid input value for enum mood: "secret"', 'invalid input value for enum mood'],
  ['value "secret" is out of range for type integer', 'value … is out of range for type integer'],
  ['invalid byte sequence for encoding "UTF8": 0xff', 'invalid byte sequence for encoding "UTF8": 0xff'],
  ['could not connect to the publisher: FATAL:  no\n\tmore', 'FATAL: no'],
  [`x${'y'.repeat(300)}`, `x${'y'.repeat(158)}…`],
])('what is said is short and without values: %s', (message, words) => {
  expect(partsOf(entry(message)).words).toBe(words);
});

test('what a function of the clone says in the context is not what the worker says', () => {
  const told = entry(
    'division by zero',
    null,
    'SQL statement "x"\nPL/pgSQL function f() line 1\nprocessing remote data for replication origin "pg_7" during message type "INSERT" for replication target relation "public.a" column "c" in transaction 1, finished at 0/1',
  );
  expect([originOf(told), partsOf(told).column]).toEqual([7, 'c']);
  const forged = entry('x', null, 'PL/pgSQL: for replication origin "pg_9" relation "public.b", finished at 0/9');
  expect([originOf(forged), partsOf(forged).table, partsOf(forged).finishLsn]).toEqual([null, null, null]);
});

test('up to 14 the context has a table and a column at most', () => {
  expect(
    partsOf(
      entry(
        'invalid input syntax for type integer: "x"',
        null,
        'processing remote data for replication target relation "public.t" column "c"',
      ),
    ),
  ).toMatchObject({ table: { schema: 'public', name: 't' }, column: 'c', finishLsn: null });
});
