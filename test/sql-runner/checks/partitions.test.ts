import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { definition, sent } from './provocations';

type Table = readonly [oid: number, name: string, known?: Partial<TableDigest>];
const digest = ([oid, name, known]: Table) =>
  ({ ...definition, schema: 'public', oid, name, ...known }) as typeof definition;
const OURS = { subscriptions: ['acas_demo_shop'] };
const ON_CLONE = 'in database shop on the clone:';

/** @param sends names of what a publication of ours sends */
function found(there: readonly Table[], here: readonly Table[], sends: readonly string[] = []) {
  const world = edit(healthy(sourceContract(['shop', 'ledger'])), ({ source, target }) => {
    source.databases.shop!.definitions = there.map(digest);
    source.databases.shop!.sent = sends.map((name) => ({ ...sent, schema: 'public', name, partition: null }));
    target.databases.shop!.definitions = here.map(digest);
    target.databases.shop!.taken.push(
      ...sends.map((name) => ({ schema: 'public', name, subscription: 'acas_demo_shop', table: 700, state: 'r' })),
    );
  });
  return findingsOf(world).filter(({ code }) => code.startsWith('PARTITION_'));
}

const A: Table = [1, 'a'];
const B: Table = [2, 'b'];
const VALUES = 'FOR VALUES IN (1)';
const under = (parent: number, bound = VALUES, more: Partial<TableDigest> = {}) => ({ parent, bound, ...more });
const part = (more?: Partial<TableDigest>): Table => [3, 'p', { ...OURS, ...more }];
const P = '"public"."p"';
const detach = (name: string) => `ALTER TABLE "public"."${name}" DETACH PARTITION ${P};`;
const attach = (name: string, bound = VALUES) => `ALTER TABLE "public"."${name}" ATTACH PARTITION ${P} ${bound};`;

test.each<[string, Partial<TableDigest>, Partial<TableDigest>, string, string]>([
  [
    'attached on the source',
    under(1),
    {},
    `a partition of public.a ${VALUES} on the source and no partition`,
    attach('a'),
  ],
  [
    'detached on the source',
    {},
    under(1),
    `no partition on the source and a partition of public.a ${VALUES}`,
    detach('a'),
  ],
  [
    'attached elsewhere',
    under(1),
    under(2),
    `of public.a ${VALUES} on the source and a partition of public.b`,
    `${detach('a').replace('"a"', '"b"')} ${attach('a')}`,
  ],
  [
    'for other values',
    under(1, 'DEFAULT'),
    under(1),
    'of public.a DEFAULT on the source',
    `${detach('a')} ${attach('a', 'DEFAULT')}`,
  ],
  [
    'inheriting on the source',
    { inherits: [1] },
    {},
    'a table that inherits from public.a on the source',
    `ALTER TABLE ${P} INHERIT "public"."a";`,
  ],
  [
    'inheriting on the clone',
    {},
    { inherits: [1] },
    'no partition on the source and a table that inherits',
    `ALTER TABLE ${P} NO INHERIT "public"."a";`,
  ],
  [
    'inheriting from another table',
    { inherits: [2, 1] },
    { inherits: [1, 9] },
    'a table that inherits from public.a, public.b on the source and a table that inherits from public.a',
    `ALTER TABLE ${P} INHERIT "public"."b";`,
  ],
])('a table that is %s', (_, there, here, seen, statements) => {
  expect(found([A, B, part(there)], [A, B, part(here)])).toMatchObject([
    { code: 'PARTITION_DIFFERS', seen: expect.stringContaining(seen), next: `${ON_CLONE} ${statements}` },
  ]);
});

describe('the clone has applied what is older first', () => {
  const next = (there: Partial<TableDigest>, here: Partial<TableDigest>, beside: Partial<TableDigest>) =>
    found([A, B, part(there)], [A, B, [4, 'beside', beside], part(here)])[0]!.next;
  const older = `once sql-runner status shows that the clone has applied what is older, ${ON_CLONE}`;

  test('where its default partition may have the rows', () => {
    expect(next(under(1), {}, under(1, 'DEFAULT'))).toBe(`${older} ${attach('a')}`);
  });

  test.each<[string, Partial<TableDigest>, Partial<TableDigest>, Partial<TableDigest>]>([
    ['the table has none', under(1), {}, under(1, 'FOR VALUES IN (2)')],
    ['another table has one', under(1), {}, under(2, 'DEFAULT')],
    ['one is of a table that is not known', under(1), {}, under(9, 'DEFAULT')],
    ['it is taken out of the table', {}, under(1), under(1, 'DEFAULT')],
  ])('and not where %s', (_, there, here, beside) => {
    expect(next(there, here, beside)).toMatch(new RegExp(`^${ON_CLONE}`));
  });
});

test.each<[string, Table[], Table[], string[], boolean]>([
  ['is the same', [A, part(under(1))], [A, part(under(1))], [], false],
  ['inherits in another order', [A, B, part({ inherits: [1, 2] })], [A, B, part({ inherits: [2, 1] })], [], false],
  ['is sent, whoever takes it', [A, part({ ...under(1), ...OURS })], [A, [3, 'p']], ['p'], true],
  ['is neither sent nor taken by us', [A, part(under(1))], [A, [3, 'p', { subscriptions: ['other'] }]], [], false],
  [
    'is taken by us and by others',
    [A, part(under(1))],
    [A, part({ subscriptions: ['other', 'acas_demo_shop'] })],
    [],
    true,
  ],
  ['is not on the source', [A], [A, part(under(1))], [], false],
])('a partition that %s', (_, there, here, sends, told) => {
  expect(found(there, here, sends).filter(({ code }) => code === 'PARTITION_DIFFERS')).toHaveLength(told ? 1 : 0);
});

const ROOT: Table = [1, 'root'];
const SENT: Table = [2, 'rest', under(1, 'FOR VALUES IN (2)')];
const DEFAULT: Table = [2, 'rest', under(1, 'DEFAULT')];
const own = (more: Partial<TableDigest>, name = 'own'): Table => [9, name, more];
const STOPS =
  'the source has rows of its values in the default partition, where the clone refuses them: the apply worker stops at the first';
const SHOWS = 'its rows show in public.root on the clone, and none of them is of the source';

test.each<[string, Table, Table, string, string, string]>([
  [
    'where the source has its rows in the default partition',
    DEFAULT,
    own(under(1)),
    'block',
    STOPS,
    'ALTER TABLE "public"."root" DETACH PARTITION "public"."own";',
  ],
  [
    'where the source has no default partition',
    SENT,
    own(under(1)),
    'warn',
    SHOWS,
    'ALTER TABLE "public"."root" DETACH PARTITION "public"."own";',
  ],
  [
    'that inherits',
    DEFAULT,
    own({ inherits: [1] }),
    'warn',
    `${SHOWS}; verify compares no tables that inherit`,
    'ALTER TABLE "public"."own" NO INHERIT "public"."root";',
  ],
])('a table under a replicated one on the clone alone, %s', (_, leaf, added, severity, why, statement) => {
  const is = added[2]!.parent === undefined ? 'inherits from' : 'is a partition of';
  expect(found([ROOT, leaf], [ROOT, leaf, added], ['rest'])).toMatchObject([
    {
      code: 'PARTITION_ONLY_ON_CLONE',
      severity,
      seen: `table public.own in database shop ${is} public.root on the clone, and the source has no such table`,
      why,
      next: `make it on the source as well, where it shall have it; else, ${ON_CLONE} ${statement}`,
    },
  ]);
});

const MIDDLE: Table = [4, 'middle', under(1)];
const DEEP: Table = [5, 'deep', under(4, 'DEFAULT')];
test.each<[string, Table[], Table[], string[], string[]]>([
  ['under the middle of three', [ROOT, MIDDLE, DEEP], [own(under(4))], ['deep'], ['block public.middle']],
  // The default partition is another table's.
  ['under the first of three', [ROOT, MIDDLE, DEEP], [own(under(1))], ['deep'], ['warn public.root']],
  ['under one of which nothing is sent', [ROOT, SENT], [own(under(1))], [], []],
  ['under no table that is known', [ROOT, SENT], [own(under(77))], ['rest'], []],
  ['under two tables', [ROOT, SENT], [own({ inherits: [1, 2] })], ['rest'], ['warn public.root', 'warn public.rest']],
  ['as a table of its own', [ROOT, SENT], [own({})], ['rest'], []],
  ['under a name that the source has too', [ROOT, SENT, [9, 'own']], [own(under(1))], ['rest'], []],
  [
    'under its former name',
    [ROOT, SENT, [9, 'new', under(1)]],
    [own(under(1, VALUES, { publications: ['acas_demo_shop'] }))],
    ['rest'],
    [],
  ],
  ['under its former name, and taken', [ROOT, SENT, [9, 'new', under(1)]], [own(under(1, VALUES, OURS))], ['rest'], []],
  // A number of the clone's own that the source has given to something else.
  ['with a number that another table has', [ROOT, SENT, [9, 'other']], [own(under(1))], ['rest'], ['warn public.root']],
  [
    'and taken, with a number that no table has',
    [ROOT, SENT],
    [own(under(1, VALUES, OURS))],
    ['rest'],
    ['warn public.root'],
  ],
])('a partition of the clone alone: %s', (_, there, more, sends, expected) => {
  const findings = found(there, [...there.filter(([oid]) => oid !== 9), ...more], sends);
  const told = findings.filter(({ code }) => code === 'PARTITION_ONLY_ON_CLONE');
  expect(told.map(({ severity, seen }) => `${severity} ${/(?:of|from) (\S+) on/.exec(seen)![1]}`)).toEqual(expected);
});
