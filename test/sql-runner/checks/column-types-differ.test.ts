import type { ColumnShape } from '../../../sql-runner/postgres/catalog/table-shapes';
import { after, type Edit } from './provocations';
import { column, differing, pairOf } from './shape-provocations';

type Facts = Partial<ColumnShape>;
const ON_CLONE = 'in database shop on the clone: ALTER TABLE "public"."orders"';
const NEW = 'make a new clone: sql-runner reset demo, then cdktf deploy demo-target, then sql-runner apply demo';
const of = (code: string, change: Edit) => after(change).filter((finding) => finding.code === code);
const both = (there: Facts, here: Facts) => pairOf({ columns: [column('a', there)] }, { columns: [column('a', here)] });
const typed = (there: Facts, here: Facts) => of('COLUMN_TYPE_DIFFERS', differing(both(there, here)));

test.each([
  ['integer', 'bigint', 'warn'],
  ['smallint', 'integer', 'warn'],
  ['bigint', 'integer', 'block'],
  ['bigint', 'numeric', 'warn'],
  ['numeric(10,2)', 'numeric', 'warn'],
  ['numeric', 'numeric(10,2)', 'block'],
  ['numeric(12,2)', 'numeric(10,2)', 'block'],
  ['double precision', 'numeric', 'block'],
  ['integer', 'text', 'block'],
  ['text', 'integer', 'block'],
  ['numeric', 'bigint', 'block'],
  ['character varying(5)', 'character varying(6)', 'warn'],
  ['character varying(6)', 'character varying(5)', 'block'],
  ['character varying(5)', 'character varying(10)', 'warn'],
  ['character varying(10)', 'character varying(9)', 'block'],
  ['character varying(5)', 'character varying', 'warn'],
  ['character varying', 'character varying(5)', 'block'],
  ['character varying(5)', 'text', 'warn'],
  ['character varying', 'text', 'warn'],
  ['text', 'character varying', 'warn'],
  ['text', 'character varying(5)', 'block'],
  ['character(5)', 'text', 'block'],
  ['character varying(5)[]', 'character varying(6)[]', 'block'],
  ['character varying(5)', 'my.character varying(6)', 'block'],
])('a column that is %s on the source and %s on the clone: %s', (there, here, severity) => {
  expect(typed({ type: there }, { type: here })).toMatchObject([
    { severity, seen: expect.stringMatching(`: column a is ${here.replace(/\W/g, '.')} instead of`) },
  ]);
});

test('one column of a table that the clone does not take makes it block, and all are put right together', () => {
  const pair = pairOf(
    { columns: [column('a'), column('b', { type: 'bigint', collation: '"C"' })] },
    { columns: [column('a', { type: 'bigint' }), column('b')] },
  );
  expect(of('COLUMN_TYPE_DIFFERS', differing(pair))).toMatchObject([
    {
      severity: 'block',
      seen: 'table public.orders in database shop on the clone: column a is bigint instead of integer, column b is integer instead of bigint',
      next: `where the source converted its values with USING, ${NEW}; where it did not, ${ON_CLONE} ALTER COLUMN "a" TYPE integer USING "a"::integer, ALTER COLUMN "b" TYPE bigint COLLATE "C" USING "b"::bigint;`,
    },
  ]);
});

const CHANGE = 'ALTER COLUMN "a" TYPE bigint USING "a"::bigint';
test.each<[string, Facts, Facts, string]>([
  ['no default', { expression: '2' }, {}, CHANGE],
  [
    'a default',
    { expression: '2' },
    { expression: '1' },
    `ALTER COLUMN "a" DROP DEFAULT, ${CHANGE}, ALTER COLUMN "a" SET DEFAULT 2`,
  ],
  ['a default of its own', {}, { expression: '1' }, `ALTER COLUMN "a" DROP DEFAULT, ${CHANGE}`],
  ['an identity', { identity: 'd' }, { identity: 'd', expression: "nextval('s')" }, CHANGE],
  [
    'a generated value',
    { generated: 's', expression: 'b' },
    { generated: 's', expression: 'b' },
    'ALTER COLUMN "a" TYPE bigint',
  ],
])('a type is changed where the column has %s', (_, there, here, action) => {
  const [finding] = typed({ ...there, type: 'bigint' }, here);
  expect(finding!.next).toContain(`${ON_CLONE} ${action};`);
});

test('where the clone lacks the type, or only one side generates the column, that is told instead', () => {
  const mood = { type: 'public.mood' };
  const lacking: Edit = (world) => {
    differing(both(mood, {}))(world);
    world.shapes.shop!.usedTypes = [
      { schema: 'public', name: 'mood', kind: 'e', labels: [], uses: [], attributes: [], checks: [] },
    ] as never;
  };
  expect(of('COLUMN_TYPE_DIFFERS', lacking)).toEqual([]);
  const known: Edit = (world) => {
    lacking(world);
    world.shapes.shop!.typesOnClone = world.shapes.shop!.usedTypes;
  };
  expect(of('COLUMN_TYPE_DIFFERS', known)).toHaveLength(1);
  const other: Edit = (world) => {
    lacking(world);
    world.shapes.shop!.usedTypes[0]!.name = 'weather';
  };
  expect(of('COLUMN_TYPE_DIFFERS', other)).toHaveLength(1);
  expect(typed({ type: 'bigint', generated: 's', expression: 'b' }, {})).toEqual([]);
  expect(typed({ type: 'bigint' }, { generated: 's', expression: 'b' })).toEqual([]);
});

const STORED = { generated: 's', expression: 'b' } as const;
test.each<[string, Facts, Facts, object, string, string]>([
  [
    'on the source alone',
    STORED,
    {},
    {},
    'GENERATED ALWAYS AS (b) on the source and not generated',
    `${ON_CLONE} DROP COLUMN "a", ADD COLUMN "a" integer GENERATED ALWAYS AS (b) STORED;`,
  ],
  [
    'as a virtual column on the source alone',
    { generated: 'v', expression: 'b', collation: '"C"' },
    STORED,
    {},
    'GENERATED ALWAYS AS (b) on the source and GENERATED ALWAYS AS (b)',
    `${ON_CLONE} DROP COLUMN "a", ADD COLUMN "a" integer COLLATE "C" GENERATED ALWAYS AS (b) VIRTUAL;`,
  ],
  [
    'on the clone alone',
    {},
    STORED,
    {},
    'not generated on the source and GENERATED ALWAYS AS (b)',
    `${ON_CLONE} ALTER COLUMN "a" DROP EXPRESSION;`,
  ],
  ['on the clone alone, in rows that were written anew', {}, STORED, { file: 99 }, 'not generated on the source', NEW],
  ['on the clone alone, stored nowhere', {}, { ...STORED, generated: 'v' }, {}, 'not generated on the source', NEW],
])('a column that is generated %s', (_, there, here, table, seen, next) => {
  const pair = pairOf({ columns: [column('a', there)] }, { columns: [column('a', here)], ...table });
  const [finding, ...others] = of('GENERATED_COLUMN_DIFFERS', differing(pair));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: 'block', next, seen: expect.stringContaining(seen) });
  const stops = 'the apply worker stops at the first row: it has nowhere to put the value';
  expect(finding!.why).toBe(there.generated ? 'computed values are not replicated, so rows differ' : stops);
});

test('values that were kept on another table than the clone has are not known', () => {
  const pair = { ...both({}, STORED), same: false };
  expect(of('GENERATED_COLUMN_DIFFERS', differing(pair))).toMatchObject([{ next: NEW }]);
});

test.each<[string, Facts, Facts]>([
  ['generated alike', STORED, STORED],
  ['filled by another default', { expression: '1' }, { expression: '2' }],
  [
    'generated from a column of another type, which changes the words',
    STORED,
    { ...STORED, expression: '(b)::bigint', type: 'bigint' },
  ],
])('a column that is %s is not told to be generated otherwise', (_, there, here) => {
  expect(of('GENERATED_COLUMN_DIFFERS', differing(both(there, here)))).toEqual([]);
});
