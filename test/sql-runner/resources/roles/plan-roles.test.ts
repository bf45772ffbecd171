import type { RolesObserved } from '../../../../sql-runner/model/followed-roles';
import type { Observation } from '../../../../sql-runner/model/observation';
import type { Membership } from '../../../../sql-runner/postgres/catalog/followed-roles';
import { markedComment, readComment } from '../../../../sql-runner/resources/roles/followed-mark';
import { planRoles, rolesCompared, rolesUnlooked } from '../../../../sql-runner/resources/roles/plan-roles';
import { sourceContract } from '../../support/contract';
import { bothWith, role, serverWith } from '../../support/followed-roles';

const contract = { ...sourceContract(['shop', 'billing']), roles: { own: ['team'] } };
const plan = (roles: RolesObserved, of = contract) => {
  const { changes, findings } = planRoles(of, { roles } as unknown as Observation);
  return {
    sent: changes.flatMap(({ preview }) => preview),
    told: findings.map(({ code, seen }) => `${code}: ${seen}`),
  };
};
const member = (of: string, name: string, more: Partial<Membership> = {}): Membership => ({
  role: of,
  member: name,
  grantor: 'master',
  admin: false,
  inherit: true,
  set: true,
  mayRevoke: true,
  ...more,
});
const [a, b] = [role('a', 20_000), role('b', 20_001)];

it('has nothing to do where the environment does not follow roles', () => {
  const { roles: _, ...without } = contract;
  const roles = bothWith(serverWith([a]), serverWith([]));
  expect(planRoles(without, { roles } as unknown as Observation)).toEqual({ changes: [], findings: [] });
});

it('says which databases it did not look at, and nothing where it looked at all or need not look', () => {
  const target = {} as Observation['target'];
  const roles = bothWith(serverWith([]), serverWith([]));
  const said = (more: object) => rolesUnlooked(contract, { target, ...more } as Observation);
  expect(said({})).toEqual(['roles and rights of databases shop, billing']);
  expect(said({ roles })).toEqual(['roles and rights of database billing']);
  const both = { source: [], clone: [] };
  expect(said({ roles: { ...roles, databases: { shop: both, billing: both } } })).toEqual([]);
  expect(said({ target: null })).toEqual([]);
});

it('calls nobody compared who may have more by a role that does not follow, and says by which', () => {
  const target = {} as Observation['target'];
  const [lead, team, x] = [role('lead', 20_002), role('team', 20_003), role('x', 20_004)];
  const looked = (memberships: Membership[], there: Membership[] = []) => {
    const source = serverWith([a, b, role('x', 20_005)], { memberships: there });
    const clone = serverWith([a, b, lead, team, x], { memberships });
    const both = { source: [], clone: [] };
    const roles = { ...bothWith(source, clone), databases: { shop: both, billing: both } };
    const observation = { target, roles } as unknown as Observation;
    return [rolesCompared(contract, observation), rolesUnlooked(contract, observation), plan(roles).told.slice(1)];
  };
  const unknown = 'what x may, not known to be as on the source';
  expect(looked([])).toEqual([2, [unknown], []]);
  // And what its own members have by that.
  expect(looked([member('lead', 'a'), member('a', 'b')], [member('a', 'b')])).toEqual([
    0,
    [unknown, 'what roles may by lead, which the source gives them not'],
    [expect.stringMatching(/^ROLE_GIVES_MORE: .*a in lead$/)],
  ]);
  const master = looked([member('master', 'b')]);
  expect(master).toEqual([
    1,
    [unknown, expect.stringContaining('by master')],
    [expect.stringContaining('b in master')],
  ]);
  // The clone's own affair, and what both sides have of somebody unknown.
  expect(looked([member('team', 'b')])).toEqual([1, [unknown], []]);
  expect(looked([member('x', 'b')], [member('x', 'b')])).toEqual([1, [unknown], []]);
  expect(looked([member('lead', 'b', { inherit: false, set: false })])).toEqual([2, [unknown], []]);
});

it('says that ddl: apply goes by the name of a role that is not known', () => {
  const following = { ...contract, links: contract.links.map((link) => ({ ...link, ddl: 'apply' as const })) };
  const roles = bothWith(serverWith([a]), serverWith([role('a', 20_009)]));
  const why = (of: typeof contract) =>
    planRoles(of, { roles } as unknown as Observation).findings.find(({ code }) => code === 'ROLE_NOT_KNOWN')!.why;
  expect(why(following)).toContain('comes by ddl: apply is carried out by name all the same');
  expect(why(contract)).not.toContain('ddl');
});

it('makes no role of the service, of the product or of its own', () => {
  const source = serverWith([
    role('rds_x', 20_100, { reserved: true }),
    role('team', 20_101),
    role('acas_demo', 20_102),
    role('acas_old', 20_103, { comment: 'aurora-cross-account-sync {"kind":"role","environment":"old"}' }),
  ]);
  expect(plan(bothWith(source, serverWith([])))).toEqual({ sent: [], told: [] });
});

it('gives no attribute that the login has not, and never those of a superuser', () => {
  const there = role('a', 20_000, {
    superuser: true,
    replication: true,
    bypassRls: true,
    createDb: true,
    createRole: true,
  });
  const clone = serverWith([], { roles: [role('master', 16_400, { createRole: true })] });
  expect(plan(bothWith(serverWith([there]), clone)).sent[0]).toBe('CREATE ROLE "a" NOLOGIN INHERIT CREATEROLE;');
  const made = serverWith([role('a', 20_000)], { roles: [role('a', 20_000), role('master', 16_400)] });
  const { sent, told } = plan(bothWith(serverWith([there]), made));
  expect(sent).toEqual(['ALTER ROLE "a" CREATEROLE;']);
  expect(told.map((text) => text.split(':')[0])).toEqual(['ROLES_NOT_ALLOWED', 'ROLE_PRIVILEGES_LEFT']);
});

it('without the right to make roles it tells, and does what it may', () => {
  const clone = serverWith([b], { mayCreate: false });
  const source = serverWith([a, role('b', 20_001, { comment: 'new' })], { memberships: [member('b', 'a')] });
  const { sent, told } = plan(bothWith(source, clone));
  expect(sent).toEqual([`COMMENT ON ROLE "b" IS 'new';`]);
  expect(told).toEqual([expect.stringMatching(/^ROLES_NOT_ALLOWED: .* 2 statements are left$/)]);
});

it('never takes from the login what it has by way of a member, nor its inheriting', () => {
  const mine = [member('a', 'b'), member('b', 'master')];
  const taken = bothWith(serverWith([a, b], { memberships: [] }), serverWith([a, b], { memberships: mine }));
  expect(plan(taken)).toEqual({ sent: [], told: [expect.stringMatching(/^MEMBERSHIPS_STAY: .*b in a/)] });
  const before = {
    versionNum: 150_000,
    memberships: mine.map((one) => ({ ...one, grantor: null, inherit: null, set: null })),
  };
  const notInherit = role('b', 20_001, { inherit: false });
  expect(plan(bothWith(serverWith([a, notInherit], before), serverWith([a, b], before)))).toEqual({
    sent: [],
    told: [expect.stringMatching(/^MEMBERSHIPS_STAY: .*b INHERIT/)],
  });
});

it('does not touch memberships in roles of the service, and says what differs', () => {
  const service = role('pg_monitor', 3_373, { reserved: true });
  const clone = serverWith([a, b, service], { memberships: [member('pg_monitor', 'b')] });
  const source = serverWith([a, b, service], { memberships: [member('pg_monitor', 'a')] });
  expect(plan(bothWith(source, clone))).toEqual({
    sent: [],
    told: [expect.stringMatching(/^ROLES_NOT_ALLOWED: .* 2 statements are left$/)],
  });
});

it('reads its mark back, whatever the comment was', () => {
  for (const comment of [null, 'plain', "two\nlines; it's"])
    expect(readComment(markedComment(comment, 'demo', 7), 'demo')).toEqual({ comment, standsFor: 7 });
  expect(readComment(markedComment(null, 'demo', 7), 'other').standsFor).toBe(null);
});
