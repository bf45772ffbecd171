import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import { sourceContract, stream } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy, surveyedTable } from '../support/surveys';
import { definition, sent } from './provocations';

/** Of the first database two streams, of which the second takes what is looked at. */
const contract = sourceContract(['shop', 'ledger']);
contract.links[0]!.streams.push(stream('more', { kind: 'tables', tables: [{ schema: 'public', name: 'a' }] }));
const PUBLISHED = { publications: ['acas_demo_more'] };
/** Made since: the subscription knows it, the copy of the publication does not. */
const SUBSCRIBED = { subscriptions: ['acas_demo_more'] };

type Table = readonly [oid: number, name: string, known?: Partial<TableDigest>];
const named = (name: string) => ({ schema: name.split('.')[0]!, name: name.split('.')[1]! });
const digest = ([oid, name, known]: Table) => ({ ...definition, ...named(name), oid, ...known }) as typeof definition;

function found(
  there: readonly Table[],
  here: readonly Table[],
  sends: readonly string[] = [],
  unlogged: readonly string[] = [],
  replaced: readonly number[] = [],
): string[] {
  const world = edit(healthy(contract), ({ source, target }) => {
    source.databases.shop!.tables = unlogged.map((name) =>
      surveyedTable(named(name).name, { schema: named(name).schema, persistence: 'unlogged' }),
    );
    source.databases.shop!.definitions = there.map(digest);
    source.databases.shop!.sent = sends.map((name) => ({ ...sent, ...named(name), partition: null }));
    target.databases.shop!.definitions = here.map(digest);
  });
  const codes = ['TABLE_RENAMED', 'TABLE_SWAPPED', 'TABLE_DROPPED_ON_SOURCE'];
  const told = findingsOf({ ...world, replaced: { shop: replaced } }).filter(({ code }) => codes.includes(code));
  return told.map(({ code, seen, next }) => `${code}: ${code === 'TABLE_SWAPPED' ? seen : next}`);
}

const ON_CLONE = 'in database shop on the clone:';
const swapped = (table: string, former: string) => [
  `TABLE_SWAPPED: table ${table} in database shop is another one on the source than on the clone: the one that was cloned ${former}`,
];
const A: Table = [1, 'public.a', PUBLISHED];

test.each<[string, Table[], Table[], string[]]>([
  ['is as it was', [[1, 'public.a']], [A], []],
  ['has another name', [[1, 'public.B']], [A], [`TABLE_RENAMED: ${ON_CLONE} ALTER TABLE "public"."a" RENAME TO "B";`]],
  [
    'went to a schema that the clone may not have',
    [[1, 'sales.a']],
    [A],
    [`TABLE_RENAMED: ${ON_CLONE} CREATE SCHEMA IF NOT EXISTS "sales"; ALTER TABLE "public"."a" SET SCHEMA "sales";`],
  ],
  [
    'went to a schema of the clone, under another name',
    [[1, 'sales.b']],
    [A, [2, 'sales.other']],
    [`TABLE_RENAMED: ${ON_CLONE} ALTER TABLE "public"."a" SET SCHEMA "sales"; ALTER TABLE "sales"."a" RENAME TO "b";`],
  ],
  [
    'has given its name to another',
    [
      [1, 'public.b'],
      [2, 'public.a'],
    ],
    [A],
    swapped('public.a', 'is public.b now'),
  ],
  ['was made anew', [[2, 'public.a']], [A], swapped('public.a', 'was dropped')],
  ['was dropped', [], [A], [`TABLE_DROPPED_ON_SOURCE: unless they shall stay, ${ON_CLONE} DROP TABLE "public"."a";`]],
  [
    'has the name of one that is on the clone',
    [[1, 'public.b']],
    [A, [2, 'public.b']],
    swapped('public.a', 'is public.b now'),
  ],
  ['was made on both sides since, each with a number of its own', [[7, 'public.a']], [[8, 'public.a', SUBSCRIBED]], []],
  [
    'was made on both sides since, and dropped on the source',
    [],
    [[8, 'public.a', SUBSCRIBED]],
    [`TABLE_DROPPED_ON_SOURCE: unless they shall stay, ${ON_CLONE} DROP TABLE "public"."a";`],
  ],
  [
    'is known to the subscription alone, and has given its name to another',
    [
      [1, 'public.b'],
      [2, 'public.a'],
    ],
    [[1, 'public.a', SUBSCRIBED]],
    swapped('public.a', 'is public.b now'),
  ],
  ['is of a stream of another database', [], [[1, 'public.a', { publications: ['acas_demo_ledger'] }]], []],
  ['is of nobody', [], [[1, 'public.a']], []],
])('a table that %s', (_, there, here, expected) => {
  expect(found(there, here)).toEqual(expected);
});

test('a table that became unlogged on the source is there, and is told as that', () => {
  expect(found([], [A], [], ['public.a'])).toEqual([]);
  expect(found([], [A], [], ['public.b'])).toEqual([expect.stringMatching(/^TABLE_DROPPED_ON_SOURCE: /)]);
});

test('a partition that is sent with its table, under the name of one that left it, is told as that; another one is not', () => {
  const there: Table[] = [
    [1, 'public.b'],
    [2, 'public.a', { parent: 9 }],
  ];
  expect(found(there, [[1, 'public.a', SUBSCRIBED]], [], [], [2])).toEqual([]);
  expect(found(there, [[1, 'public.a', SUBSCRIBED]], [], [], [1])).toEqual(swapped('public.a', 'is public.b now'));
});

test('what is sent is looked at, whoever knows it on the clone', () => {
  expect(found([[1, 'public.b']], [[1, 'public.a']], ['public.b'])).toEqual([
    `TABLE_RENAMED: ${ON_CLONE} ALTER TABLE "public"."a" RENAME TO "b";`,
  ]);
});

test.each(['acas_demo_shop', 'acas_demo_more'])(
  'the heartbeat of %s is told as that, on whichever side it moved',
  (of) => {
    const beat = `${of}.acas_heartbeat`;
    expect(found([[1, 'attic.beat']], [[1, beat, PUBLISHED]])).toEqual([]);
    expect(found([[1, beat]], [[1, 'attic.beat', PUBLISHED]])).toEqual([]);
  },
);
