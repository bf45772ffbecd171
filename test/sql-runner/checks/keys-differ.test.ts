import type { Finding } from '../../../sql-runner/model/change';
import type { TableShape, UniqueIndex } from '../../../sql-runner/postgres/catalog/table-shapes';
import { after } from './provocations';
import { column, differing, index, pairOf } from './shape-provocations';

type Pair = ReturnType<typeof pairOf>;
const of = (code: string, ...pairs: Pair[]): Finding[] =>
  after(differing(...pairs)).filter((finding) => finding.code === code);
const FIRST =
  'where the source has just filled a column of it, once those rows have arrived; in database shop on the clone:';
const TABLE = 'ALTER TABLE "public"."orders"';

const primary = (columns: string[], more: Partial<UniqueIndex> = {}) =>
  index(columns, { primary: true, name: 'orders_pkey', constraint: 'orders_pkey', ...more });
const chosen = (columns: string[], more: Partial<UniqueIndex> = {}) =>
  index(columns, { replicaIdentity: true, ...more });
const byKey = (...columns: string[]): Partial<TableShape> => ({ identity: 'd', indexes: [primary(columns)] });
const byIndex = (columns: string[], more: Partial<UniqueIndex> = {}): Partial<TableShape> => ({
  identity: 'i',
  indexes: [chosen(columns, more)],
});
const ADD = `${TABLE} ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("a", "id");`;
const DEFAULT = `${TABLE} REPLICA IDENTITY DEFAULT;`;
const DROP = `${TABLE} REPLICA IDENTITY FULL; ${TABLE} DROP CONSTRAINT "orders_pkey";`;
const USING = `${TABLE} REPLICA IDENTITY USING INDEX "orders_id_key";`;

test.each<[string, Partial<TableShape>, Partial<TableShape>, string, string]>([
  ['another key', byKey('a', 'id'), byKey('id'), 'a, id on the source and by id', `${DROP} ${ADD} ${DEFAULT}`],
  [
    'a key of as many columns, not all the same',
    byKey('a', 'id'),
    byKey('b', 'id'),
    'a, id on the source and by b, id',
    `${DROP} ${ADD} ${DEFAULT}`,
  ],
  ['no key', byKey('a', 'id'), {}, 'a, id on the source and by nothing', ADD],
  [
    'no key, of which the one that is being built is none',
    byKey('a', 'id'),
    { indexes: [primary(['a', 'id'], { valid: false })] },
    'a, id on the source and by nothing',
    ADD,
  ],
  [
    'the key, and rows identified by an index of its own',
    byKey('a', 'id'),
    { identity: 'i', indexes: [primary(['a', 'id']), chosen(['b'])] },
    'a, id on the source and by b',
    DEFAULT,
  ],
  [
    'no key, and rows identified by an index of its own',
    byKey('a', 'id'),
    byIndex(['b']),
    'a, id on the source and by b',
    `${ADD} ${DEFAULT}`,
  ],
  [
    'a deferrable key, by which no row is found',
    byKey('a', 'id'),
    { indexes: [primary(['a', 'id'], { immediate: false })] },
    'a, id on the source and by nothing',
    ADD,
  ],
  [
    'the index of the source, and does not choose it',
    byIndex(['id']),
    { indexes: [primary(['b']), index(['id'])] },
    'id on the source and by b',
    USING,
  ],
  ['no such index', byIndex(['id']), byKey('b'), 'id on the source and by b', `${index(['id']).definition}; ${USING}`],
  [
    'such an index that is half-built, one that is deferrable, one over an expression and one over other columns',
    byIndex(['id']),
    {
      indexes: [
        index(['id'], { valid: false }),
        index(['id'], { immediate: false }),
        index([], { columns: null }),
        index(['id', 'b']),
      ],
    },
    'id on the source and by nothing',
    `${index(['id']).definition}; ${USING}`,
  ],
  [
    'such an index over columns that may be NULL there',
    { ...byIndex(['id']), columns: [column('id', { notNull: true }), column('b', { number: 2 })] },
    { indexes: [index(['id'])], columns: [column('id'), column('b', { number: 2 })] },
    'id on the source and by nothing',
    `${TABLE} ALTER COLUMN "id" SET NOT NULL; ${USING}`,
  ],
])('a clone that has %s', (_, there, here, seen, statements) => {
  expect(of('KEY_DIFFERS', pairOf(there, here))).toMatchObject([
    {
      severity: 'block',
      seen: `table public.orders in database shop has its rows identified by ${seen} on the clone`,
      next: `${FIRST} ${statements}`,
    },
  ]);
});

test('a key without a constraint has the name of its index', () => {
  const there = { indexes: [primary(['a', 'id'], { constraint: null, name: 'by hand' })] };
  expect(of('KEY_DIFFERS', pairOf(there, {}))[0]!.next).toContain('ADD CONSTRAINT "by hand" PRIMARY KEY');
});

test.each<[string, Pair]>([
  ['the same key', pairOf(byKey('a', 'id'), byKey('id', 'a'))],
  ['its rows identified by nothing on either side', pairOf({}, {})],
  ['rows that the source does not identify', pairOf({ ...byKey('id'), identity: 'n' }, byKey('a'))],
  ['rows that the source sends whole', pairOf({ ...byKey('id'), identity: 'f' }, byKey('a'))],
  ['the key of the source, and sends whole rows itself', pairOf(byKey('id'), { ...byKey('id'), identity: 'f' })],
  ['an index over the columns of the key', pairOf(byKey('id'), byIndex(['id']))],
  [
    'another name of a column of it, which is told first',
    pairOf({ ...byKey('new'), columns: [column('new')] }, { ...byKey('old'), columns: [column('old')] }),
  ],
])('no key is told to differ of a table that has %s', (_, pair) => {
  expect(of('KEY_DIFFERS', pair)).toEqual([]);
});

/** What else is told of the clone's own key: that it refuses rows, unless the advice for the key takes it away. */
const refuses = (there: Partial<TableShape>, here: Partial<TableShape>) =>
  of('UNIQUE_ONLY_ON_CLONE', pairOf(there, here)).map(({ next }) => next);
test.each<[string, Partial<TableShape>, Partial<TableShape>, boolean]>([
  ['is replaced by another', byKey('a', 'id'), byKey('id'), false],
  ['has none on the source beside it', {}, byKey('id'), true],
  ['stays beside the chosen index', byIndex(['a']), byKey('id'), true],
  [
    'is not the primary key of the source, whose rows another index identifies',
    { ...byIndex(['a']), indexes: [chosen(['a']), primary(['b'])] },
    byKey('id'),
    true,
  ],
  [
    "differs, while an index like the source's key identifies the rows",
    byKey('a'),
    { identity: 'i', indexes: [primary(['id']), chosen(['a'])] },
    true,
  ],
  [
    'has the columns of the key, refuses more, and does not identify the rows',
    byKey('a'),
    { identity: 'i', indexes: [primary(['a'], { refuses: 'x' }), chosen(['b'])] },
    true,
  ],
  ['is half-built', byKey('a', 'id'), { indexes: [primary(['id'], { valid: false })] }, true],
  ['identifies the rows of the source too', byIndex(['id'], { refuses: 'x' }), byKey('id'), true],
])('a key of the clone alone that %s', (_, there, here, told) => {
  const drops = refuses(there, here).filter((next) => next.endsWith(`${TABLE} DROP CONSTRAINT "orders_pkey";`));
  expect(drops).toHaveLength(told ? 1 : 0);
});

test('what a partitioned table above has to be given, its partitions are not told of', () => {
  const above = pairOf(byKey('a', 'id'), byKey('id'));
  const own = pairOf({ ...byKey('a', 'id'), name: 'p1' }, { ...byKey('id'), name: 'p1' }, { parent: above });
  const other = pairOf({ ...byKey('b'), name: 'p2' }, { ...byKey('id'), name: 'p2' }, { parent: above });
  const seen = of('KEY_DIFFERS', above, own, other).map((finding) => /table (\S+)/.exec(finding.seen)![1]);
  expect(seen).toEqual(['public.orders', 'public.p2']);
});

const FULL = { identity: 'f' } as const;
const own = (more: Parameters<typeof column>[1] = {}) => ({ ...FULL, columns: [column('own', more)] });
const DROPPED = `what was changed since is lost already, so run sql-runner verify demo afterwards; in database shop on the clone: ${TABLE} DROP COLUMN "own";`;
test.each<[string, Pair, string | null]>([
  ['is NULL unless it was written', pairOf(FULL, own()), 'warn'],
  ['is required', pairOf(FULL, own({ notNull: true })), 'block'],
  ['has a default', pairOf(FULL, own({ expression: '1' })), 'block'],
  ['was added with a value', pairOf(FULL, own({ missing: '1' })), 'block'],
  ['is dropped on the source, and has its values', pairOf({ ...FULL, dropped: [1] }, own()), 'block'],
  ['was made on the clone in its place', pairOf({ ...FULL, dropped: [1] }, own({ cameWithClone: false })), 'warn'],
  ['is computed, and not compared', pairOf(FULL, own({ generated: 's', expression: '1' })), null],
  ['is beside a key, by which rows are found', pairOf(FULL, { ...own(), indexes: [primary(['id'])] }), null],
  [
    'is beside an index that was once chosen, by which no row is found any more',
    pairOf(FULL, { ...own(), indexes: [chosen(['id'])] }),
    'warn',
  ],
  ['is beside an identity', pairOf(byKey('id'), { ...own(), indexes: [] }), null],
])('a column of the clone alone, where rows are found by their full contents, that %s', (_, pair, severity) => {
  const found = of('FULL_IDENTITY_EXTRA_COLUMN', pair);
  expect(found.map((finding) => finding.severity)).toEqual(severity === null ? [] : [severity]);
  for (const { seen, next } of found) {
    expect(next).toBe(DROPPED);
    expect(/only there column own(, NULL unless it was written)?$/.exec(seen)?.[1] !== undefined).toBe(
      severity === 'warn',
    );
  }
});
