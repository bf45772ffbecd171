import type { Place } from '../../../sql-runner/model/address';
import type { HeartbeatDependent } from '../../../sql-runner/postgres/catalog/heartbeat-dependents';
import type { RoleGrant } from '../../../sql-runner/postgres/catalog/role-grants';
import type { RoleHoldings } from '../../../sql-runner/postgres/catalog/role-holdings';
import { findHeldHeartbeat } from '../../../sql-runner/resources/held-heartbeat';
import { findHeldRole } from '../../../sql-runner/resources/held-role';
import { toDoFor, type Hindrance } from '../../../sql-runner/resources/hindrance';
import { findNotAllowedDrop } from '../../../sql-runner/resources/not-allowed-drop';

/** Whoever tears down reads what others have to do first: all of it, as whom, where, and no statement too many. */
const SOURCE: Place = { side: 'source', database: 'shop' };
const CLONE: Place = { side: 'target', database: 'shop' };
const ROLE = 'acas_demo';

const right = (object: string, overrides: Partial<RoleGrant> = {}): RoleGrant => ({
  keyword: 'TABLE',
  object,
  privileges: ['SELECT'],
  as: null,
  passedOn: false,
  wholeSchema: 'x',
  ...overrides,
});
const holds = (overrides: Partial<RoleHoldings>): RoleHoldings => ({
  defaults: [],
  policies: [],
  owned: [],
  mayGiveAway: true,
  other: [],
  ...overrides,
});
const NOTHING_HELD = holds({});
const held = (grants: readonly RoleGrant[], holdings = NOTHING_HELD, place = SOURCE, revoked: string[] = []) =>
  findHeldRole({ place, role: ROLE, grants, holdings }, revoked);

/** `what it is → as whom and where: what to run` */
const told = (findings: ReturnType<typeof held>) =>
  findings.map(({ seen, next }) => {
    const [, what] = /on the (?:source|clone): (.*)$/.exec(seen)!;
    const [, todo] = /((?:as \w+, )?in database .*)$/.exec(next) ?? [];
    return `${what} → ${todo ?? next}`;
  });

test('rights of one kind are taken back by one statement, those of others apart', () => {
  expect(
    told(
      held([
        right('x.a'),
        right('x.b'),
        right('y.a', { wholeSchema: 'y' }),
        right('x.s', { keyword: 'SEQUENCE' }),
        right('x.c', { passedOn: true }),
        right('x.d', { as: 'app_owner' }),
      ]),
    ),
  ).toEqual([
    'rights on table x.a, x.b, rights on table y.a, rights on sequence x.s, rights on table x.c → in database shop on the source: REVOKE ALL ON TABLE x.a, x.b FROM "acas_demo"; REVOKE ALL ON TABLE y.a FROM "acas_demo"; REVOKE ALL ON SEQUENCE x.s FROM "acas_demo"; REVOKE ALL ON TABLE x.c FROM "acas_demo" CASCADE;',
    'rights on table x.d → as app_owner, in database shop on the source: REVOKE ALL ON TABLE x.d FROM "acas_demo";',
  ]);
});

test('from ten tables of a schema on it is the whole schema, where the login may do that', () => {
  const many = (count: number, overrides: Partial<RoleGrant> = {}) =>
    told(held(Array.from({ length: count }, (_, index) => right(`x.t${index}`, overrides))))[0]!;
  const whole = 'REVOKE ALL ON ALL TABLES IN SCHEMA x FROM "acas_demo";';
  expect(many(10)).toContain(`rights on table x.t0, x.t1, x.t2 and 7 more → in database shop on the source: ${whole}`);
  expect(many(9)).toContain('and 6 more → in database shop on the source: REVOKE ALL ON TABLE x.t0, x.t1, x.t2, x.t3,');
  expect(many(4)).toMatch(/^rights on table x.t0, x.t1, x.t2 and 1 more →/);
  expect(many(3)).toMatch(/^rights on table x.t0, x.t1, x.t2 →/);
  for (const overrides of [{ as: 'app_owner' }, { wholeSchema: null }])
    expect(many(10, overrides)).toContain('REVOKE ALL ON TABLE x.t0, x.t1,');
});

test('what teardown takes back itself is not told; any other right on a database is', () => {
  const connect = (object: string, overrides: Partial<RoleGrant> = {}) =>
    right(object, { keyword: 'DATABASE', privileges: ['CONNECT'], wholeSchema: null, ...overrides });
  const found = (grant: RoleGrant) => held([grant], NOTHING_HELD, SOURCE, ['shop', 'Shop 2']).length;
  expect([connect('shop'), connect('"Shop 2"')].map(found)).toEqual([0, 0]);
  expect(
    [
      connect('other'),
      connect('shop', { privileges: ['CONNECT', 'TEMPORARY'] }),
      connect('shop', { as: 'app_owner' }),
      connect('shop', { passedOn: true }),
      connect('shop', { keyword: 'SCHEMA' }),
    ].map(found),
  ).toEqual([1, 1, 1, 1, 1]);
});

test('default rights, policies, what it owns and what is not known to us are each told with what ends them', () => {
  const defaults = [
    { maker: 'app', schema: null, objects: 'TABLES', as: null },
    { maker: 'app', schema: 'x', objects: 'ROUTINES', as: null },
  ];
  const policies = [
    { schema: 'x', table: 't', name: 'its own', others: [], as: null },
    { schema: 'x', table: 't', name: 'shared', others: ['app', 'b'], as: null },
  ];
  expect(told(held([], holds({ defaults, policies, other: ['user mapping'] })))).toEqual([
    'default privileges on new tables of app, default privileges on new routines of app, policy its own of table x.t, policy shared of table x.t → in database shop on the source: ALTER DEFAULT PRIVILEGES FOR ROLE "app" REVOKE ALL ON TABLES FROM "acas_demo"; ALTER DEFAULT PRIVILEGES FOR ROLE "app" IN SCHEMA "x" REVOKE ALL ON ROUTINES FROM "acas_demo"; DROP POLICY "its own" ON "x"."t"; ALTER POLICY "shared" ON "x"."t" TO "app", "b";',
    'user mapping → ask whoever made that to remove it; teardown, run again, goes on where it stopped',
  ]);
  const owns = (count: number, mayGiveAway: boolean) =>
    told(held([], holds({ owned: ['a', 'b', 'c', 'd'].slice(0, count), mayGiveAway })));
  expect(owns(0, true)).toEqual([]);
  expect(owns(3, true)).toEqual([
    'what it owns: a, b, c → in database shop on the source: REASSIGN OWNED BY "acas_demo" TO CURRENT_USER;',
  ]);
  expect(owns(4, false)).toEqual([
    'what it owns: a, b, c and 1 more → in database shop on the source: GRANT "acas_demo" TO CURRENT_USER; REASSIGN OWNED BY "acas_demo" TO CURRENT_USER; REVOKE "acas_demo" FROM CURRENT_USER;',
  ]);
});

test('that a table is blocked for a moment is said of policies alone; what the role can do until then, of its side', () => {
  const policy = { schema: 'x', table: 't', name: 'p', others: [], as: null };
  const waits = /waits for the transactions on its table/;
  const both = held([right('x.a')], holds({ policies: [policy] }));
  expect(both[0]!.next).toMatch(waits);
  expect(held([right('x."no DROP POLICY here"')])[0]!.next).not.toMatch(waits);
  expect(both[0]).toMatchObject({
    seen: expect.stringContaining('in database shop on the source:'),
    why: expect.stringMatching(/it can log in until then/),
  });
  const [clone] = held([right('x.a')], NOTHING_HELD, CLONE);
  expect(clone).toMatchObject({
    code: 'ROLE_NOT_DROPPABLE',
    seen: expect.stringContaining('in database shop on the clone:'),
    why: expect.stringMatching(/who has its password can log in to the clone until then$/),
    next: expect.stringContaining('in database shop on the clone: REVOKE'),
  });
});

const hanging = (
  kind: HeartbeatDependent['kind'],
  overrides: Partial<HeartbeatDependent> = {},
): HeartbeatDependent => ({
  schema: 'acas_demo_shop',
  kind,
  what: 'that',
  object: 'x.o',
  part: '"p"',
  keyword: null,
  as: null,
  ...overrides,
});

test.each<[HeartbeatDependent['kind'], Partial<HeartbeatDependent>, string | null]>([
  ['view', {}, 'DROP VIEW x.o;'],
  ['materialized view', {}, 'DROP MATERIALIZED VIEW x.o;'],
  ['routine', {}, 'DROP ROUTINE x.o;'],
  ['policy', {}, 'DROP POLICY "p" ON x.o;'],
  ['foreign key', {}, 'ALTER TABLE x.o DROP CONSTRAINT "p";'],
  ['column', {}, 'ALTER TABLE x.o DROP COLUMN "p";'],
  ['child', {}, 'ALTER TABLE x.o NO INHERIT "acas_demo_shop"."acas_heartbeat";'],
  ['stranger', { keyword: 'TABLE' }, 'ALTER TABLE x.o SET SCHEMA "public";'],
  ['stranger', {}, null],
  ['other', {}, null],
])('what keeps the heartbeat as %s (%j) is told with: %s', (kind, overrides, statement) => {
  const [finding, ...others] = findHeldHeartbeat(SOURCE, [hanging(kind, overrides)]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    code: 'HEARTBEAT_NOT_DROPPABLE',
    seen: expect.stringMatching(/^the heartbeat acas_demo_shop.acas_heartbeat cannot .* on the source: that$/),
    next:
      statement === null
        ? 'ask its owner to drop or to move it; teardown, run again, goes on where it stopped'
        : expect.stringMatching(/^ask its owner first, .*; in database shop on the source: /),
  });
  if (statement !== null) expect(finding!.next.endsWith(`on the source: ${statement}`)).toBe(true);
  expect(findHeldHeartbeat(CLONE, [hanging(kind, overrides)])[0]!.seen).toContain('on the clone: that');
});

const thing = (what: string, as: string | null, ...statements: string[]): Hindrance => ({ what, as, statements });

test('each person is told once what to do, and last what nobody is known for', () => {
  expect(
    toDoFor(SOURCE, [thing('?', null), thing('a', 'app', 'A;'), thing('b', null, 'B;', 'C;'), thing('d', 'app', 'D;')]),
  ).toEqual([
    { at: 'as app, in database shop on the source', what: 'a, d', statements: ['A;', 'D;'] },
    { at: 'in database shop on the source', what: 'b', statements: ['B;', 'C;'] },
    { at: 'in database shop on the source', what: '?', statements: [] },
  ]);
  expect(toDoFor(CLONE, [thing('b', null, 'B;')])).toMatchObject([{ at: 'in database shop on the clone' }]);
  const named = (count: number) =>
    toDoFor(
      SOURCE,
      [...'abcdefg'].slice(0, count).map((one) => thing(one, null, 'A;')),
    );
  expect([named(5), named(7)].map(([one]) => one!.what)).toEqual(['a, b, c, d, e', 'a, b, c, d, e and 2 more']);
});

test.each([
  ['publication', 'app', 'may not drop: app owns it', ['ALTER PUBLICATION "ours" OWNER TO "me";']],
  ['subscription', 'app', 'may not drop: app owns it', ['ALTER SUBSCRIPTION "ours" OWNER TO "me";']],
  ['schema', 'app', 'may not drop: app owns it', ['ALTER SCHEMA "ours" OWNER TO "me";']],
  ['role', null, 'may not administer', ['ALTER ROLE "me" CREATEROLE;', 'GRANT "ours" TO "me" WITH ADMIN OPTION;']],
] as const)('a %s that the login may not drop (owner %s) is given to it', (kind, owner, why, statements) => {
  for (const place of [SOURCE, CLONE]) {
    const at = `in database shop on the ${place === SOURCE ? 'source' : 'clone'}`;
    expect(findNotAllowedDrop({ place, kind, name: 'ours', owner, login: 'me' })).toMatchObject({
      seen: `there is ${kind} ours of ours ${at}, which me ${why}`,
      why: expect.stringMatching(
        kind === 'subscription' ? /^its slot is in use until then/ : /^teardown frees production/,
      ),
      next: expect.stringMatching(new RegExp(`, ${at}: `)),
    });
    const { next } = findNotAllowedDrop({ place, kind, name: 'ours', owner, login: 'me' });
    expect(next.endsWith(`${at}: ${statements.join(' ')}`)).toBe(true);
  }
});

test('rights that were given for the copy of a table are taken back by teardown itself, and no others', () => {
  const copied = [{ oid: 1, schema: 'My q', name: 't', granted: { usage: true, select: true } }];
  const of = (...grants: RoleGrant[]) =>
    told(findHeldRole({ place: SOURCE, role: ROLE, grants, holdings: NOTHING_HELD }, [], copied));
  expect(
    of(right('"My q".t'), right('"My q"', { keyword: 'SCHEMA', privileges: ['USAGE'], wholeSchema: null })),
  ).toEqual([]);
  for (const other of [
    right('"My q".u'),
    right('"My q".t', { privileges: ['INSERT', 'SELECT'] }),
    right('"My q".t', { as: 'app_owner' }),
    right('"My q".t', { passedOn: true }),
    right('"My q".t', { keyword: 'SEQUENCE' }),
    right('"My q"', { keyword: 'SCHEMA', privileges: ['CREATE', 'USAGE'], wholeSchema: null }),
  ])
    expect(of(other)).toHaveLength(1);
});
