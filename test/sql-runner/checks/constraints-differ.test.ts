import type { TableShape, UniqueIndex } from '../../../sql-runner/postgres/catalog/table-shapes';
import { after } from './provocations';
import { column, differing, index, pairOf } from './shape-provocations';

type Pair = ReturnType<typeof pairOf>;
const of = (code: string, ...pairs: Pair[]) => after(differing(...pairs)).filter((finding) => finding.code === code);
const TABLE = 'ALTER TABLE "public"."orders"';
const ON_CLONE = `in database shop on the clone: `;
const check = (name: string, definition = `CHECK ((${name} > 0))`, inherited = false) => ({
  name,
  definition,
  inherited,
});
const primary = index(['a'], { primary: true, name: 'orders_pkey', constraint: 'orders_pkey' });

test.each<[string, Partial<TableShape>, Partial<TableShape>, string | null]>([
  [
    'a column that may be NULL on the source',
    { columns: [column('a')] },
    { columns: [column('a', { notNull: true })] },
    'ALTER COLUMN "a" DROP NOT NULL',
  ],
  [
    'a column that is NOT NULL on both sides',
    { columns: [column('a', { notNull: true })] },
    { columns: [column('a', { notNull: true })] },
    null,
  ],
  [
    'a column that is NOT NULL on the source alone',
    { columns: [column('a', { notNull: true })] },
    { columns: [column('a')] },
    null,
  ],
  ['a column that the source has not', {}, { columns: [column('own', { notNull: true })] }, null],
  [
    'a column of its key, and one beside it',
    { columns: [column('a'), column('b', { number: 2 })], indexes: [primary] },
    { columns: [column('a', { notNull: true }), column('b', { number: 2, notNull: true })], indexes: [primary] },
    'ALTER COLUMN "b" DROP NOT NULL',
  ],
  ['a constraint of its own', {}, { checks: [check('c')] }, 'DROP CONSTRAINT "c"'],
  ['a constraint that came from above', {}, { checks: [check('c', 'CHECK (true)', true)] }, null],
  [
    'a constraint under another name',
    { checks: [check('d', 'CHECK (true)')] },
    { checks: [check('c', 'CHECK (true)')] },
    null,
  ],
  [
    'another constraint of that name',
    { checks: [check('c', 'CHECK (true)')] },
    { checks: [check('c')] },
    'DROP CONSTRAINT "c"',
  ],
  [
    'a constraint of that name, reworded by another type',
    { columns: [column('a')], checks: [check('c')] },
    { columns: [column('a', { type: 'bigint' })], checks: [check('c', 'CHECK ((a > (0)::bigint))'), check('d')] },
    'DROP CONSTRAINT "d"',
  ],
  [
    'a constraint of that name, reworded by another name of a column',
    { columns: [column('new')], checks: [check('c', 'CHECK ((new > 0))')] },
    { columns: [column('old')], checks: [check('c', 'CHECK ((old > 0))'), check('d')] },
    'DROP CONSTRAINT "d"',
  ],
])('the clone refuses rows by %s', (_, there, here, action) => {
  const found = of('CONSTRAINT_ONLY_ON_CLONE', pairOf(there, here));
  expect(found.map(({ next }) => next)).toEqual(action === null ? [] : [`${ON_CLONE}${TABLE} ${action};`]);
});

test('each constraint of the clone alone is named, and all are dropped together', () => {
  const here = { columns: [column('a', { notNull: true })], checks: [check('c'), check('d')] };
  expect(of('CONSTRAINT_ONLY_ON_CLONE', pairOf({ columns: [column('a')] }, here))).toMatchObject([
    {
      seen: 'table public.orders in database shop has only on the clone: column a is NOT NULL, constraint c, CHECK ((c > 0)), constraint d, CHECK ((d > 0))',
      next: `${ON_CLONE}${TABLE} ALTER COLUMN "a" DROP NOT NULL, DROP CONSTRAINT "c", DROP CONSTRAINT "d";`,
    },
  ]);
});

test('what a table above has to lose, its partitions are not told of', () => {
  const above = pairOf({}, { checks: [check('c')] });
  const leaf = pairOf({ name: 'p1' }, { name: 'p1', checks: [check('c'), check('d')] }, { parent: above });
  const middle = pairOf({ name: 'p2' }, { name: 'p2' }, { parent: above });
  const below = pairOf({ name: 'p3' }, { name: 'p3', checks: [check('c')] }, { parent: middle });
  expect(of('CONSTRAINT_ONLY_ON_CLONE', above, leaf, middle, below).map(({ seen }) => seen)).toEqual([
    expect.stringMatching(/^table public\.orders .*: constraint c, /),
    expect.stringMatching(/^table public\.p1 .*: constraint d, /),
  ]);
});

const DROP = `${ON_CLONE}DROP INDEX "public"."orders_a_key";`;
test.each<[string, Partial<UniqueIndex> | null, Partial<UniqueIndex>, string | null]>([
  ['that the source has', {}, {}, null],
  ['that the source has under another name', { name: 'other' }, {}, null],
  ['of another name, over the same', { name: 'other', refuses: 'b' }, {}, DROP],
  ['of that name, over something else', { refuses: 'b' }, {}, DROP],
  ['that is being built, and not held against rows', null, { ready: false }, null],
  ['that is half-built, and held against rows', null, { valid: false }, DROP],
  ['that is deferrable, and not held against rows that are applied', null, { immediate: false }, null],
  ['that came from above', null, { inherited: true }, null],
  ['that is not yet held against rows on the source', { ready: false }, {}, DROP],
  ['that the source holds against rows although it is half-built', { valid: false }, {}, null],
  ['that the source defers', { immediate: false }, {}, DROP],
  ['that excludes what the source has unique', {}, { exclusion: true }, DROP],
  ['that the source excludes by as well', { exclusion: true }, { exclusion: true }, null],
  ['of a constraint', null, { constraint: 'u' }, `${ON_CLONE}${TABLE} DROP CONSTRAINT "u";`],
  [
    'on which foreign keys rest',
    null,
    { referencedBy: [{ schema: 'public', table: 'lines', name: 'of order' }] },
    `${ON_CLONE}ALTER TABLE "public"."lines" DROP CONSTRAINT "of order"; DROP INDEX "public"."orders_a_key";`,
  ],
])('the clone refuses rows by a unique index %s', (_, there, here, next) => {
  const pair = pairOf({ indexes: there === null ? [] : [index(['a'], there)] }, { indexes: [index(['a'], here)] });
  const found = of('UNIQUE_ONLY_ON_CLONE', pair);
  expect(found.map((finding) => finding.next)).toEqual(next === null ? [] : [next]);
});

test.each([
  [{}, 'unique index orders_a_key'],
  [{ exclusion: true }, 'exclusion constraint orders_a_key'],
  [{ valid: false }, 'the half-built unique index orders_a_key'],
])('what the clone alone has is called by its kind: %p', (more, what) => {
  const [finding] = of('UNIQUE_ONLY_ON_CLONE', pairOf({}, { indexes: [index(['a'], more)] }));
  expect(finding!.seen).toBe(`table public.orders in database shop has only on the clone: ${what}`);
});

test('an index whose words another type of a column has changed is known by its name', () => {
  const there = { columns: [column('a')], indexes: [index(['a'])] };
  const here = (name: string) => ({
    columns: [column('a', { type: 'text' })],
    indexes: [index(['a'], { refuses: 'a text_ops', name })],
  });
  expect(of('UNIQUE_ONLY_ON_CLONE', pairOf(there, here('orders_a_key')))).toEqual([]);
  expect(of('UNIQUE_ONLY_ON_CLONE', pairOf(there, here('other')))).toHaveLength(1);
});

const FULL = `${TABLE} REPLICA IDENTITY FULL; `;
test.each<[string, Partial<TableShape>, Partial<UniqueIndex>, string]>([
  ['the key, by default', {}, { primary: true }, FULL],
  ['the key, and rows are identified otherwise', { identity: 'f' }, { primary: true }, ''],
  ['not the key', {}, {}, ''],
  ['the chosen index', { identity: 'i' }, { replicaIdentity: true }, FULL],
  ['not the chosen index', { identity: 'i' }, { primary: true }, ''],
  ['a former choice', {}, { replicaIdentity: true }, ''],
  ['a former choice, and whole rows', { identity: 'f' }, { replicaIdentity: true }, ''],
])('before an index goes whole rows take its place where it identifies them: %s', (_, table, more, first) => {
  const [finding] = of('UNIQUE_ONLY_ON_CLONE', pairOf({}, { ...table, indexes: [index(['a'], more)] }));
  expect(finding!.next).toBe(`${ON_CLONE}${first}DROP INDEX "public"."orders_a_key";`);
});
