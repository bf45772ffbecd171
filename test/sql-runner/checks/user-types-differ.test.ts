import type { UserType } from '../../../sql-runner/postgres/catalog/user-types';
import { after } from './provocations';
import { types } from './shape-provocations';

type Facts = Partial<UserType>;
const NEW = 'make a new clone: sql-runner reset demo, then cdktf deploy demo-target, then sql-runner apply demo';
const ON_CLONE = 'in database shop on the clone:';
/** Code and advice of all that is found. */
const told = (there: Facts, here: Facts | null) =>
  after(types(there, here)).map(({ code, next }) => `${code} ${next.replace(`${ON_CLONE} `, '')}`);
/** Each label with the oid behind it. */
const labels = (...all: string[]): Facts => ({
  labels: all.map((one) => ({ label: one[0]!, oid: Number(one.slice(1)) })),
});
const ENUM = 'ENUM_LABEL_MISSING ALTER TYPE "public"."mood"';

test.each<[string, Facts, Facts, string[]]>([
  ['all', labels('a1', 'b2'), labels('a1', 'b2'), []],
  ['more', labels('a1'), labels('a1', 'b2'), []],
  ['all, each made on both sides', labels('a1', 'b2'), labels('a1', 'b9'), []],
  ['not the last', labels('a1', 'b2'), labels('a1'), [`${ENUM} ADD VALUE 'b' AFTER 'a';`]],
  ['not the first', labels('a2', 'b1'), labels('b1'), [`${ENUM} ADD VALUE 'a' BEFORE 'b';`]],
  ['none', labels('a2'), labels(), [`${ENUM} ADD VALUE 'a';`]],
  [
    'not those at both ends',
    labels('a2', 'b1', 'c3', 'd4'),
    labels('b1'),
    [
      `${ENUM} ADD VALUE 'a' BEFORE 'b'; ALTER TYPE "public"."mood" ADD VALUE 'c' AFTER 'b'; ALTER TYPE "public"."mood" ADD VALUE 'd' AFTER 'c';`,
    ],
  ],
  [
    'one under its former name, and not the one before it',
    labels('a2', 'c1'),
    labels('b1'),
    [`${ENUM} ADD VALUE 'a' BEFORE 'b'; ALTER TYPE "public"."mood" RENAME VALUE 'b' TO 'c';`],
  ],
  // The source has made it since, and has the former one too.
  [
    'not one whose number another of its labels has',
    labels('a1', 'b2'),
    labels('b1'),
    [`${ENUM} ADD VALUE 'a' BEFORE 'b';`],
  ],
  [
    'all, and two exchanged their names',
    labels('a2', 'b1', 'c3'),
    labels('a1', 'b2', 'c3'),
    [`ENUM_LABELS_EXCHANGED ${NEW}`],
  ],
])('the enum of the clone has %s', (_, there, here, expected) => {
  expect(told(there, here)).toEqual(expected);
});

test('labels that are missing, or exchanged their names, are named', () => {
  const lacking = after(types(labels('a1', 'b2', 'c3'), labels('a1')));
  expect(lacking[0]!.seen).toBe('type public.mood in database shop lacks on the clone: b, c');
  const [exchanged] = after(types(labels('a2', 'b1', 'c3'), labels('a1', 'b2', 'c3')));
  expect(exchanged!.seen).toMatch(/ exchanged their names on the source: a, b$/);
});

const A = { name: 'A b', definition: "CHECK (VALUE <> '')" };
const B = { name: 'c', definition: 'CHECK (length(VALUE) > 1)' };
const domain = (more: Facts = {}): Facts => ({ kind: 'd', base: 'text', ...more });
const parts = (...all: string[]): Facts => ({
  kind: 'c',
  attributes: all.map((one) => ({ name: one.split(' ')[0]!, type: one.split(' ')[1]! })),
});
const CREATE = 'TYPE_NOT_ON_CLONE CREATE';

test.each<[string, Facts, string]>([
  ['an enum', labels('a1', 'b2'), `${CREATE} TYPE "public"."mood" AS ENUM ('a', 'b');`],
  ['a domain', domain(), `${CREATE} DOMAIN "public"."mood" AS text;`],
  [
    'a domain that takes less',
    domain({ notNull: true, checks: [A, B] }),
    `${CREATE} DOMAIN "public"."mood" AS text CONSTRAINT "A b" ${A.definition} CONSTRAINT "c" ${B.definition} NOT NULL;`,
  ],
  ['a row', parts('a text', 'B integer'), `${CREATE} TYPE "public"."mood" AS ("a" text, "B" integer);`],
  ['a range', { kind: 'r', base: 'integer' }, `TYPE_NOT_ON_CLONE ${NEW}`],
])('%s that the clone lacks is made there', (_, there, expected) => {
  expect(told(there, null)).toEqual([expected]);
});

const RENAMED = 'TYPE_NOT_ON_CLONE ALTER';
test.each<[string, Facts, Facts, string]>([
  ['another name', labels('a1'), { name: 'Old' }, `${RENAMED} TYPE "public"."Old" RENAME TO "mood";`],
  ['another schema', labels('a1'), { schema: 'attic' }, `${RENAMED} TYPE "attic"."mood" SET SCHEMA "public";`],
  [
    'another name in another schema',
    domain(),
    { ...domain(), schema: 'attic', name: 'Old' },
    `${RENAMED} DOMAIN "attic"."Old" SET SCHEMA "public"; ALTER DOMAIN "public"."Old" RENAME TO "mood";`,
  ],
  // The number was given again.
  [
    'another name and is of another kind',
    labels('a1'),
    { ...domain(), name: 'Old' },
    `${CREATE} TYPE "public"."mood" AS ENUM ('a');`,
  ],
  ['another name and number', labels('a1'), { name: 'Old', oid: 9 }, `${CREATE} TYPE "public"."mood" AS ENUM ('a');`],
])('a type that has %s on the clone', (_, there, here, expected) => {
  expect(told(there, here)).toEqual([expected]);
});

const DOMAIN = 'DOMAIN_STRICTER_ON_CLONE ALTER DOMAIN "public"."mood"';
test.each<[string, Facts, Facts, string[]]>([
  ['alike', domain({ notNull: true, checks: [A] }), domain({ notNull: true, checks: [{ ...A, name: 'x' }] }), []],
  ['less', domain({ notNull: true, checks: [A] }), domain(), []],
  ['NOT NULL', domain(), domain({ notNull: true }), [`${DOMAIN} DROP NOT NULL;`]],
  ['a constraint', domain({ checks: [B] }), domain({ checks: [A, B] }), [`${DOMAIN} DROP CONSTRAINT "A b";`]],
])('a domain asks %s of a value on the clone', (_, there, here, expected) => {
  expect(told(there, here)).toEqual(expected);
});

test('what a domain asks on the clone alone is named', () => {
  const [both] = after(types(domain(), domain({ notNull: true, checks: [A] })));
  expect(both!.seen).toBe(`type public.mood in database shop has only on the clone: NOT NULL, ${A.definition}`);
  const [check] = after(types(domain({ notNull: true }), domain({ notNull: true, checks: [A] })));
  expect(check!.seen).toMatch(/ has only on the clone: CHECK/);
});

const DIFFERS = 'TYPE_DIFFERS';
test.each<[string, Facts, Facts, string]>([
  [
    'lacks attributes',
    parts('a text', 'B text', 'c int'),
    parts('a text'),
    `${DIFFERS} ALTER TYPE "public"."mood" ADD ATTRIBUTE "B" text, ADD ATTRIBUTE "c" int;`,
  ],
  ['has another attribute', parts('a text', 'b text'), parts('x text'), `${DIFFERS} ${NEW}`],
  ['has an attribute of another type', parts('a text', 'b text'), parts('a int'), `${DIFFERS} ${NEW}`],
  ['has more attributes', parts('a text'), parts('a text', 'b text'), `${DIFFERS} ${NEW}`],
  ['is a domain over another type', domain(), domain({ base: 'integer' }), `${DIFFERS} ${NEW}`],
  ['is a range over another type', { kind: 'r', base: 'integer' }, { kind: 'r', base: 'bigint' }, `${DIFFERS} ${NEW}`],
  ['is an enum instead of a row', parts('a text'), labels('a1'), `${DIFFERS} ${NEW}`],
  ['is a row instead of an enum', labels('a1'), parts('a text'), `${DIFFERS} ${NEW}`],
  ['is a row of nothing instead of an enum', labels('a1'), parts(), `${DIFFERS} ${NEW}`],
  ['is an enum instead of a domain, which takes less', domain({ checks: [A] }), labels('a1'), `${DIFFERS} ${NEW}`],
  ['is a domain, which takes less, instead of an enum', { kind: 'e' }, domain({ checks: [A] }), `${DIFFERS} ${NEW}`],
  ['is a range instead of a domain', domain({ base: 'integer' }), { kind: 'r', base: 'integer' }, `${DIFFERS} ${NEW}`],
])('a type of the clone that %s', (_, there, here, expected) => {
  expect(told(there, here)).toEqual([expected]);
});

test.each<[string, Facts, Facts]>([
  ['a row of a text, b int on the source and a row of a text', parts('a text', 'b int'), parts('a text')],
  ['a domain over text on the source and an enum', domain(), labels('a1')],
  ['an enum on the source and a range of integer', labels('a1'), { kind: 'r', base: 'integer' }],
])('a type that is %s on the clone is told as that', (what, there, here) => {
  const [finding] = after(types(there, here));
  expect(finding!.seen).toBe(`type public.mood in database shop is ${what} on the clone`);
});
