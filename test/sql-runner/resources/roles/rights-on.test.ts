import * as fc from 'fast-check';
import type { GivenRight } from '../../../../sql-runner/postgres/catalog/followed-rights';
import { rightStatements } from '../../../../sql-runner/resources/roles/rights-on';
import { carryOutRight } from '../../support/acl-model';

const OWNER = 'keeper';
const OBJECT = 'TABLE s.t';
const ROLES = ['r', 's', 't', 'apart'];
const isFollowed = (who: string | null) => who !== 'apart';

/** As a server could have it: everything was given by the owner, or by whoever had the option then. */
const acl = fc
  .array(
    fc.record({
      grantor: fc.constantFrom(OWNER, ...ROLES),
      grantee: fc.constantFrom(null, ...ROLES),
      privilege: fc.constantFrom('SELECT', 'DELETE'),
      grantable: fc.boolean(),
      column: fc.constantFrom(null, null, 'a', 'b'),
    }),
    { maxLength: 14 },
  )
  .map((tried) => tried.reduce<GivenRight[]>(given, []));

function given(rights: GivenRight[], one: GivenRight): GivenRight[] {
  const same = (other: GivenRight) => other.privilege === one.privilege && other.column === one.column;
  const holds = rights.some((other) => same(other) && other.grantee === one.grantor && other.grantable);
  const back = rights.some((other) => same(other) && other.grantor === one.grantee && one.grantee !== null);
  if (one.privilege === 'DELETE' && one.column !== null) return rights;
  if ((one.grantor !== OWNER && (!holds || back)) || one.grantor === one.grantee) return rights;
  if (rights.some((other) => same(other) && other.grantor === one.grantor && other.grantee === one.grantee))
    return rights;
  return [...rights, { ...one, grantable: one.grantable && one.grantee !== null }];
}

const union = (rights: readonly GivenRight[], who: (grantee: string | null) => boolean): string[] => {
  const found = new Map<string, boolean>();
  for (const one of rights.filter(({ grantee }) => who(grantee))) {
    const key = JSON.stringify([one.column, one.privilege, one.grantee]);
    found.set(key, one.grantable || found.get(key) === true);
  }
  return [...found].map(([key, grantable]) => `${key} ${grantable}`).sort();
};

const plan = (there: readonly GivenRight[], here: readonly GivenRight[]) =>
  rightStatements(OBJECT, OWNER, there, here, isFollowed);
const after = (here: readonly GivenRight[], statements: readonly string[]): GivenRight[] =>
  statements.reduce<GivenRight[]>((rights, one) => carryOutRight(rights, one, OWNER), [...here]);

it('gives whoever is followed what the source gives, and leaves the others what they had; then nothing is left', () => {
  let moved = 0;
  fc.assert(
    fc.property(acl, acl, (there, here) => {
      const statements = plan(there, here);
      const done = after(here, statements);
      if (statements.length > 0) moved += 1;
      expect(union(done, isFollowed)).toEqual(union(there, isFollowed));
      expect(union(done, (who) => !isFollowed(who))).toEqual(union(here, (who) => !isFollowed(who)));
      expect(plan(there, done)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
  expect(moved).toBeGreaterThan(1_000);
});

it('has nothing to do where both sides are the same, whoever gave it', () =>
  fc.assert(fc.property(acl, (there) => expect(plan(there, there)).toEqual([]))));

it('comes to the same when it is begun again after a death at any statement', () =>
  fc.assert(
    fc.property(acl, acl, fc.nat(), (there, here, at) => {
      const statements = plan(there, here);
      const died = after(here, statements.slice(0, at % (statements.length + 1)));
      // A death takes the whole transaction back; who begins anew from the middle is no worse off either.
      const done = after(died, plan(there, died));
      expect(union(done, isFollowed)).toEqual(union(there, isFollowed));
    }),
  ));
