import type { Finding } from '../../../sql-runner/model/change';
import type { ColumnShape, TableShape } from '../../../sql-runner/postgres/catalog/table-shapes';
import { after } from './provocations';
import { column, differing, index, pairOf } from './shape-provocations';

type Pair = ReturnType<typeof pairOf>;
const ON_CLONE = 'in database shop on the clone: ALTER TABLE "public"."orders"';
const NEW = 'make a new clone: sql-runner reset demo, then cdktf deploy demo-target, then sql-runner apply demo';
const UNKNOWN = `the values of rows that were there before are not replicated and cannot be made up; ${NEW}`;
const VERIFY = 'run sql-runner verify afterwards, as production has written all rows of the table anew; ';
const WAIT = 'wait until sql-runner status shows that the stream has stopped at it, or is in sync; ';
const of = (code: string, ...pairs: Pair[]): Finding[] =>
  after(differing(...pairs)).filter((finding) => finding.code === code);

/** Told of a table that lacks the one column. */
const lacking = (facts: Partial<ColumnShape>, here: Partial<TableShape> = {}, there: Partial<TableShape> = {}) => {
  const [finding, ...others] = of('COLUMNS_DIFFER', pairOf({ columns: [column('a', facts)], ...there }, here));
  expect(others).toEqual([]);
  return finding!;
};

test.each<[string, Partial<ColumnShape>, string]>([
  ['nothing beside the rows, as long as none was written anew: NULL', {}, 'ADD COLUMN "a" integer'],
  ['the same, whatever new rows get', { expression: '1' }, 'ADD COLUMN "a" integer'],
  ['a value, in the words of the default', { missing: '1', expression: '1' }, 'ADD COLUMN "a" integer DEFAULT 1'],
  [
    'a value that the default no longer is',
    { missing: '1', expression: '2' },
    `ADD COLUMN "a" integer DEFAULT '1'::integer`,
  ],
  ['a value that has no default', { missing: '1' }, `ADD COLUMN "a" integer DEFAULT '1'::integer`],
  [
    'a value, and need one',
    { missing: '1', expression: '1', notNull: true },
    'ADD COLUMN "a" integer DEFAULT 1 NOT NULL',
  ],
  [
    'a number with a sign',
    { missing: '-1.5', expression: '-1.5', type: 'numeric' },
    'ADD COLUMN "a" numeric DEFAULT -1.5',
  ],
  ['a value that was computed', { missing: '3', expression: '1 + 2' }, `ADD COLUMN "a" integer DEFAULT '3'::integer`],
  ['true', { type: 'boolean', missing: 't', expression: 'true' }, 'ADD COLUMN "a" boolean DEFAULT true'],
  ['false', { type: 'boolean', missing: 'f', expression: 'false' }, 'ADD COLUMN "a" boolean DEFAULT false'],
  [
    'true, and new rows false',
    { type: 'boolean', missing: 't', expression: 'false' },
    `ADD COLUMN "a" boolean DEFAULT 't'::boolean`,
  ],
  ['a text', { type: 'text', missing: 'b', expression: `'b'::text` }, `ADD COLUMN "a" text DEFAULT 'b'::text`],
  ['a text without a type', { type: 'text', missing: 'b', expression: `'b'` }, `ADD COLUMN "a" text DEFAULT 'b'`],
  [
    'a text with a length',
    { type: 'character varying(5)', missing: 'b', expression: `'b'::character varying(5)` },
    `ADD COLUMN "a" character varying(5) DEFAULT 'b'::character varying(5)`,
  ],
  [
    'a number with places',
    { type: 'numeric(5,2)', missing: '1.00', expression: `'1.00'::numeric(5,2)` },
    `ADD COLUMN "a" numeric(5,2) DEFAULT '1.00'::numeric(5,2)`,
  ],
  [
    'a text that begins like the default, which goes on to call a function',
    { type: 'text', missing: 'b', expression: `'b'::text || f('c')` },
    `ADD COLUMN "a" text DEFAULT 'b'::text`,
  ],
  ['a text that is sorted otherwise', { type: 'text', collation: '"C"' }, 'ADD COLUMN "a" text COLLATE "C"'],
])('rows of before hold %s', (_, facts, action) => {
  expect(lacking(facts)).toMatchObject({
    severity: 'block',
    seen: 'table public.orders in database shop on the clone: column a is missing',
    why: 'DDL is not replicated; the apply worker stops at the first row that does not fit',
    next: `${ON_CLONE} ${action};`,
  });
});

/** Production has written the rows anew. */
const ANEW = { file: 99 };

test.each<[string, Partial<ColumnShape>, string]>([
  ['most likely NULL', {}, `${VERIFY}${ON_CLONE} ADD COLUMN "a" integer;`],
  ['what is kept beside them', { missing: '1' }, `${ON_CLONE} ADD COLUMN "a" integer DEFAULT '1'::integer;`],
  ['what nobody knows, as there is a default', { expression: '1' }, UNKNOWN],
  ['what nobody knows, as there is an identity', { identity: 'd' }, UNKNOWN],
  ['what nobody knows, as none is NULL', { notNull: true }, UNKNOWN],
])('rows that were written anew hold %s', (_, facts, next) => {
  const finding = lacking(facts, {}, ANEW);
  expect(finding.next).toBe(next);
  expect(finding.seen).toMatch(
    next === UNKNOWN ? /missing, and its values in rows of before are not known$/ : /missing$/,
  );
});

test('a table that did not come with the clone tells nothing of its rows', () => {
  const pair = { ...pairOf({ columns: [column('a', { expression: '1' })] }, {}), same: false };
  expect(of('COLUMNS_DIFFER', pair)).toMatchObject([{ next: UNKNOWN }]);
});

test('what is computed is computed by the clone as well, and stops nobody', () => {
  expect(lacking({ generated: 's', expression: 'b', missing: '1' }, {}, ANEW)).toMatchObject({
    severity: 'warn',
    why: 'DDL is not replicated; the worker goes on, and the rows of both sides have other columns',
    next: `${ON_CLONE} ADD COLUMN "a" integer GENERATED ALWAYS AS (b) STORED;`,
  });
  expect(lacking({ generated: 's', expression: 'b' }, {}, ANEW).next).not.toContain('verify');
});

describe('rows that are found by their full contents', () => {
  const full = { identity: 'f' } as const;
  test('a column that is filled is added when no row without it is on its way', () => {
    expect(lacking({}, full, full).next).toBe(`${WAIT}${ON_CLONE} ADD COLUMN "a" integer;`);
    expect(lacking({}, full, { ...full, ...ANEW }).next).toBe(`${VERIFY}${WAIT}${ON_CLONE} ADD COLUMN "a" integer;`);
    expect(lacking({ generated: 's', expression: 'b' }, full, full).next).toMatch(/^in database shop/);
  });

  test('a key of the clone finds them as well', () => {
    expect(lacking({}, { ...full, indexes: [index(['id'], { primary: true })] }, full).next).toMatch(/^in database/);
  });

  test('columns of the clone alone are told of by themselves', () => {
    const pair = pairOf({ ...full, dropped: [1] }, { ...full, columns: [column('own', { notNull: true })] });
    expect(of('COLUMNS_DIFFER', pair)).toEqual([]);
    expect(of('FULL_IDENTITY_EXTRA_COLUMN', pair)).toHaveLength(1);
  });
});

/** Of a partitioned table: what its partitions hold. */
const parted = (...leaves: readonly (readonly [Partial<ColumnShape>, Partial<TableShape>?])[]): Pair => {
  const leaf = ([facts, more]: (typeof leaves)[number], place: number) =>
    pairOf({ columns: [column('a', facts)], name: `p${place}`, ...more }, { name: `p${place}` });
  return pairOf({ columns: [column('a')], file: 0 }, { file: 0 }, { leaves: leaves.map(leaf) });
};
const likely = [{}, ANEW] as const;
test.each<[string, Pair, string]>([
  [
    'the same value',
    parted([{ missing: '1' }], [{ missing: '1' }]),
    `${ON_CLONE} ADD COLUMN "a" integer DEFAULT '1'::integer;`,
  ],
  ['a value each', parted([{ missing: '1' }], [{ missing: '2' }]), UNKNOWN],
  ['a value or none', parted([{ missing: '1' }], [{}]), UNKNOWN],
  ['NULL, or most likely NULL', parted([{}], likely), `${VERIFY}${ON_CLONE} ADD COLUMN "a" integer;`],
  ['a value, or most likely NULL', parted([{ missing: '1' }], likely), UNKNOWN],
  ['NULL, or what nobody knows', parted([{}], [{ expression: '1' }, ANEW]), UNKNOWN],
  [
    'NULL in those that store rows',
    parted([{}], [{ expression: '1' }, { file: 0 }]),
    `${ON_CLONE} ADD COLUMN "a" integer;`,
  ],
  ['what nobody knows, where one has no such column', parted([{}], [{}, { columns: [] }]), UNKNOWN],
])('partitions whose rows of before hold %s', (_, pair, next) => {
  expect(of('COLUMNS_DIFFER', pair)).toMatchObject([{ next }]);
});

const REQUIRED = { notNull: true };
test.each<[string, Partial<ColumnShape>, Partial<TableShape>, Partial<Pair>, string | null]>([
  ['is dropped on the source', {}, { dropped: [1] }, {}, 'warn DROP COLUMN "own"'],
  ['is dropped on the source and required', REQUIRED, { dropped: [1] }, {}, 'block DROP COLUMN "own"'],
  ['was made on the clone', {}, {}, {}, null],
  ['was made on the clone and is required', REQUIRED, {}, {}, 'block ALTER COLUMN "own" DROP NOT NULL'],
  ['is required and has a default', { ...REQUIRED, expression: '1' }, {}, {}, null],
  ['is required and an identity', { ...REQUIRED, identity: 'd' }, {}, {}, null],
  ['is required and generated', { ...REQUIRED, generated: 's', expression: 'b' }, {}, {}, null],
  ['has the number of a dropped one of another table', {}, { dropped: [1] }, { same: false }, null],
  ['was made on the clone after its number was dropped', { cameWithClone: false }, { dropped: [1] }, {}, null],
])('a column of the clone alone that %s', (_, facts, there, more, expected) => {
  const found = of('COLUMNS_DIFFER', pairOf(there, { columns: [column('own', facts)] }, more));
  const told = found.map(({ severity, next }) => `${severity} ${next.replace(`${ON_CLONE} `, '').replace(';', '')}`);
  expect(told).toEqual(expected === null ? [] : [expected]);
});

test('all differences of a table are one statement, and block where one stops the worker', () => {
  const pair = pairOf(
    { columns: [column('x', { number: 3 }), column('y', { number: 4 })], dropped: [1] },
    { columns: [column('old'), column('own', { number: 9, notNull: true })] },
  );
  expect(of('COLUMNS_DIFFER', pair)).toMatchObject([
    {
      severity: 'block',
      why: 'DDL is not replicated; the apply worker stops at the first row that does not fit',
      seen: expect.stringMatching(
        /: column x is missing, column y is missing, column old is still there, and dropped on the source, column own is only there, NOT NULL and without a default$/,
      ),
      next: `${ON_CLONE} ADD COLUMN "x" integer, ADD COLUMN "y" integer, DROP COLUMN "old", ALTER COLUMN "own" DROP NOT NULL;`,
    },
  ]);
});

describe('a column that was renamed', () => {
  const renamed = (to: Partial<ColumnShape>, from: Partial<ColumnShape>, more: Partial<Pair> = {}) =>
    pairOf({ columns: [column('new', to)] }, { columns: [column('old', from)] }, more);

  test('is the one of its number, and neither missing nor left over', () => {
    const findings = after(differing(renamed({ notNull: true }, { notNull: true })));
    expect(findings).toMatchObject([{ code: 'COLUMN_RENAMED', next: `${ON_CLONE} RENAME COLUMN "old" TO "new";` }]);
  });

  test('is told beside those that one side has alone', () => {
    const pair = pairOf(
      { columns: [column('new'), column('a', { number: 2 })], dropped: [3] },
      { columns: [column('old'), column('left', { number: 3 })] },
    );
    expect(after(differing(pair)).map(({ code, next }) => `${code} ${next}`)).toEqual([
      `COLUMNS_DIFFER ${ON_CLONE} ADD COLUMN "a" integer, DROP COLUMN "left";`,
      `COLUMN_RENAMED ${ON_CLONE} RENAME COLUMN "old" TO "new";`,
    ]);
  });

  test('cannot be told where the clone has changed it', () => {
    expect(of('COLUMN_RENAMED', renamed({}, { cameWithClone: false }))).toMatchObject([
      { next: `old was changed on the clone, so that it cannot be told whether it is the same column; ${NEW}` },
    ]);
  });

  test('is none where the numbers, the types or the names tell otherwise', () => {
    expect(of('COLUMN_RENAMED', renamed({}, { number: 2 }))).toEqual([]);
    // Of a table that came later than the clone it can be told too, while it has one such name (drift/column-pairs.ts).
    expect(of('COLUMN_RENAMED', renamed({}, {}, { same: false }))).toHaveLength(1);
    expect(of('COLUMN_RENAMED', renamed({ type: 'bigint' }, {}, { same: false }))).toEqual([]);
    const both = pairOf(
      { columns: [column('new'), column('old', { number: 2 })] },
      { columns: [column('old'), column('new', { number: 2 })] },
    );
    expect(of('COLUMN_RENAMED', both)).toEqual([]);
    const made = pairOf({ columns: [column('new')] }, { columns: [column('old'), column('new', { number: 2 })] });
    expect(of('COLUMN_RENAMED', made)).toEqual([]);
    const again = pairOf({ columns: [column('new'), column('old', { number: 2 })] }, { columns: [column('old')] });
    expect(of('COLUMN_RENAMED', again)).toEqual([]);
  });
});

test('what is to be done besides is said once', () => {
  const pair = pairOf({ columns: [column('a'), column('b', { number: 2 })], ...ANEW }, {});
  expect(of('COLUMNS_DIFFER', pair)).toMatchObject([
    { next: `${VERIFY}${ON_CLONE} ADD COLUMN "a" integer, ADD COLUMN "b" integer;` },
  ]);
});

test('what a partitioned table has to be given, its partitions are not told of', () => {
  const above = pairOf({ columns: [column('a')], file: 0 }, { file: 0 });
  const own = (name: string, more: ColumnShape[] = []) =>
    pairOf({ name, columns: [column('a'), ...more] }, { name }, { parent: above });
  const found = of('COLUMNS_DIFFER', above, own('p1'), own('p2', [column('b', { number: 2 })]));
  expect(found.map(({ seen }) => /table (\S+) .*: (.*)$/.exec(seen)!.slice(1))).toEqual([
    ['public.orders', 'column a is missing'],
    ['public.p2', 'column b is missing'],
  ]);
});
