import * as fc from 'fast-check';
import type { RolesObserved } from '../../../../sql-runner/model/followed-roles';
import type { Membership, RolesOfServer } from '../../../../sql-runner/postgres/catalog/followed-roles';
import { knownRoles } from '../../../../sql-runner/resources/roles/known-roles';
import { loopsBack } from '../../../../sql-runner/resources/roles/membership-graph';
import { judgeMemberships } from '../../../../sql-runner/resources/roles/memberships';
import { sourceContract } from '../../support/contract';
import { role } from '../../support/followed-roles';

const contract = { ...sourceContract(), roles: { own: [] } };
const NAMES = ['a', 'b', 'c', 'd'];
const LOGIN = 'master';

const edge = fc.record({
  role: fc.constantFrom(...NAMES, 'team'),
  member: fc.constantFrom(...NAMES, 'team', LOGIN),
  grantor: fc.constantFrom(LOGIN, ...NAMES),
  admin: fc.boolean(),
  inherit: fc.boolean(),
  set: fc.boolean(),
});

/** A graph that a server could have: without loops, one item for each grantor. */
const server = (since16: boolean, isClone: boolean) =>
  fc.array(edge, { maxLength: 10 }).map((edges): RolesOfServer => {
    const memberships: Membership[] = [];
    for (const one of edges) {
      if (!isClone && [one.role, one.member].includes('team')) continue;
      const item = { ...one, mayRevoke: true, ...(since16 ? {} : { grantor: null, inherit: null, set: null }) };
      const taken = memberships.some(
        (other) => other.role === item.role && other.member === item.member && other.grantor === item.grantor,
      );
      const may = item.grantor === null || item.grantor === LOGIN;
      const has = memberships.some((other) => other.role === item.role && other.member === item.grantor && other.admin);
      if (!taken && (may || has) && !loopsBack(memberships, item.role, item.member)) memberships.push(item);
    }
    const roles = [...NAMES.map((name, at) => role(name, 20_000 + at)), role(LOGIN, 16_400)];
    return {
      versionNum: since16 ? 170_000 : 150_000,
      login: LOGIN,
      grantsAs: LOGIN,
      superuser: false,
      mayCreate: true,
      roles: isClone ? [...roles, role('team', 30_000)] : roles,
      memberships,
    };
  });

const world = fc
  .boolean()
  .chain((since16) => fc.record({ source: server(since16, false), clone: server(since16, true) }));

const GRANT = /^GRANT "(\w+)" TO "(\w+)"(?: WITH (?:ADMIN OPTION|ADMIN (\w+), INHERIT (\w+), SET (\w+)))?$/;
const REVOKE = /^REVOKE (ADMIN OPTION FOR )?"(\w+)" FROM "(\w+)"(?: GRANTED BY "(\w+)")?$/;

/** What a server makes of it; throws where it would refuse. */
function carryOut(items: readonly Membership[], statement: string, since16: boolean): Membership[] {
  const grantor = since16 ? LOGIN : null;
  const taken = REVOKE.exec(statement);
  if (taken !== null) {
    const [, adminOnly, name, member, by] = taken;
    const at = (one: Membership) => one.role === name && one.member === member && (!since16 || one.grantor === by);
    if (adminOnly !== undefined) return items.map((one) => (at(one) ? { ...one, admin: false } : one));
    const left = items.filter((one) => !at(one));
    const still = left.some((one) => one.role === name && one.member === member && one.admin);
    if (since16 && !still && left.some((one) => one.role === name && one.grantor === member))
      throw new Error('dependent privileges exist');
    return left;
  }
  const [, name, member, admin, inherit, set] = GRANT.exec(statement)!;
  if (loopsBack(items, name!, member!)) throw new Error('is a member of');
  const before = items.find((one) => one.role === name && one.member === member && one.grantor === grantor);
  const made: Membership = {
    role: name!,
    member: member!,
    grantor,
    admin: since16 ? admin === 'TRUE' : statement.endsWith('ADMIN OPTION') || before?.admin === true,
    inherit: since16 ? inherit === 'TRUE' : null,
    set: since16 ? set === 'TRUE' : null,
    mayRevoke: true,
  };
  return [...items.filter((one) => one !== before), made];
}

const touches = ({ role: name, member }: Membership) => [name, member].some((one) => !NAMES.includes(one));
const unionOf = (items: readonly Membership[]): string[] => {
  const found = new Map<string, boolean[]>();
  for (const one of items.filter((item) => !touches(item))) {
    const key = `${one.member} in ${one.role}`;
    const [admin, inherit, set] = found.get(key) ?? [false, false, false];
    found.set(key, [admin! || one.admin, inherit! || (one.inherit ?? true), set! || (one.set ?? true)]);
  }
  return [...found].map(([key, options]) => `${key}: ${options.join(' ')}`).sort();
};

it('makes random graphs as on the source; what is not, is told, and nothing is left to be done', () => {
  let whole = 0;
  fc.assert(
    fc.property(world, (observed: Omit<RolesObserved, 'databases'>) => {
      const since16 = observed.clone.versionNum >= 160_000;
      const judge = (clone: RolesOfServer) => {
        const now = { source: observed.source, clone, databases: {} };
        return judgeMemberships(now, knownRoles(contract, now));
      };
      const { steps, stays, byHand } = judge(observed.clone);
      const memberships = steps
        .flatMap(({ statements }) => statements)
        .reduce<readonly Membership[]>((items, one) => carryOut(items, one, since16), observed.clone.memberships);
      expect(byHand).toEqual([]);
      // The login, and what the clone has alone, are as they were.
      expect(memberships.filter(touches)).toEqual(observed.clone.memberships.filter(touches));
      const again = judge({ ...observed.clone, memberships });
      const told = new Set([...stays, ...again.stays].map((text) => text.slice(0, text.indexOf(':'))));
      const open = (all: readonly string[]) => all.filter((text) => !told.has(text.slice(0, text.indexOf(':'))));
      expect(open(unionOf(memberships))).toEqual(open(unionOf(observed.source.memberships)));
      if (stays.length === 0) {
        whole += 1;
        expect(again.steps).toEqual([]);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(whole).toBeGreaterThan(500);
});
