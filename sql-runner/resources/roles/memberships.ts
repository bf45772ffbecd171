import type { RoleStep, RolesObserved } from '../../model/followed-roles';
import type { Membership, RolesOfServer } from '../../postgres/catalog/followed-roles';
import { quoteIdent } from '../../postgres/text/quoting';
import type { KnownRoles } from './known-roles';
import { loopsBack, membersBelow } from './membership-graph';

export interface MembershipVerdict {
  readonly steps: readonly RoleStep[];
  /** Statements that somebody else has to carry out: the login may not, or they are of roles of the service. */
  readonly byHand: readonly string[];
  /** What stays as it is on the clone. Phrases. */
  readonly stays: readonly string[];
}

/** What a member has of a role, whoever gave it. */
interface Having {
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

/** Memberships as the source has them. Pure. */
export function judgeMemberships(observed: RolesObserved, known: KnownRoles): MembershipVerdict {
  const { source, clone } = observed;
  const [there, here] = [pairsOf(source), pairsOf(clone)];
  const reserved = new Set(clone.roles.filter((role) => role.reserved).map(({ name }) => name));
  const isWatched = (role: string, member: string) =>
    known.isFollowed(member) && (known.isFollowed(role) || reserved.has(role));
  const found: Found[] = [];
  for (const key of [...new Set([...there.keys(), ...here.keys()])].sort()) {
    const [role, member] = JSON.parse(key) as [string, string];
    if (!isWatched(role, member)) continue;
    const [wanted, has] = [there.get(key) ?? [], here.get(key) ?? []];
    const one = differing({ role, member, wanted: union(source, member, wanted), items: has }, clone);
    if (one !== null) found.push({ ...one, ofService: reserved.has(role) });
  }
  return sorted(found, clone);
}

interface Found extends Differing {
  readonly ofService: boolean;
}

interface Differing {
  readonly role: string;
  readonly member: string;
  readonly wanted: Having | null;
  readonly takes: readonly { readonly statement: string; readonly mine: boolean }[];
  readonly gives: readonly string[];
  /** It has less of the role than before. */
  readonly less: boolean;
  /** What cannot be said on the clone; null: all can. */
  readonly not: string | null;
}

function pairsOf({ memberships }: RolesOfServer): Map<string, Membership[]> {
  const pairs = new Map<string, Membership[]>();
  for (const one of memberships) {
    const key = JSON.stringify([one.role, one.member]);
    pairs.set(key, [...(pairs.get(key) ?? []), one]);
  }
  return pairs;
}

function union({ roles }: RolesOfServer, member: string, items: readonly Membership[]): Having | null {
  if (items.length === 0) return null;
  const inherits = roles.find(({ name }) => name === member)?.inherit ?? true;
  return {
    admin: items.some(({ admin }) => admin),
    inherit: items.some(({ inherit }) => inherit ?? inherits),
    set: items.some(({ set }) => set ?? true),
  };
}

const exceeds = (one: Having, other: Having | null): boolean =>
  other === null || (one.admin && !other.admin) || (one.inherit && !other.inherit) || (one.set && !other.set);

function differing(
  of: Pick<Differing, 'role' | 'member' | 'wanted'> & { readonly items: readonly Membership[] },
  clone: RolesOfServer,
): Differing | null {
  const { role, member, wanted, items } = of;
  const since16 = clone.versionNum >= 160_000;
  const has = union(clone, member, items);
  const sorry = !since16 && wanted !== null && (!wanted.set || wanted.inherit !== inheritsBy(clone, member, wanted));
  // Before 16 there is ADMIN OPTION alone, and whether it inherits is an attribute of the member.
  const compared = (one: Having | null) => (one === null || since16 ? one : { ...one, inherit: true, set: true });
  const [want, now] = [compared(wanted), compared(has)];
  if (JSON.stringify(want) === JSON.stringify(now)) return null;
  const of16 = items.filter(({ grantor }) => grantor !== clone.grantsAs);
  const gone = want === null ? items : since16 ? of16.filter((item) => exceeds(unionOf(clone, item), want)) : [];
  const names = `${quoteIdent(role)} FROM ${quoteIdent(member)}`;
  return {
    role,
    member,
    wanted,
    takes: [
      ...gone.map(({ grantor, mayRevoke }) => ({
        statement: `REVOKE ${names}${grantor === null ? '' : ` GRANTED BY ${quoteIdent(grantor)}`}`,
        mine: mayRevoke,
      })),
      ...(!since16 && want?.admin === false && now?.admin === true
        ? [{ statement: `REVOKE ADMIN OPTION FOR ${names}`, mine: true }]
        : []),
    ],
    gives: want === null || (!since16 && now !== null && !want.admin) ? [] : [grant(role, member, want, since16)],
    less: now !== null && exceeds(now, want),
    not: sorry ? 'before PostgreSQL 16 a membership has no options of its own' : null,
  };
}

/** One that is still to be made will be as on the source. */
const inheritsBy = ({ roles }: RolesOfServer, member: string, { inherit }: Having): boolean =>
  roles.find(({ name }) => name === member)?.inherit ?? inherit;
const unionOf = (server: RolesOfServer, item: Membership): Having => union(server, item.member, [item])!;

function grant(role: string, member: string, { admin, inherit, set }: Having, since16: boolean): string {
  const names = `GRANT ${quoteIdent(role)} TO ${quoteIdent(member)}`;
  if (!since16) return admin ? `${names} WITH ADMIN OPTION` : names;
  const word = (value: boolean) => (value ? 'TRUE' : 'FALSE');
  return `${names} WITH ADMIN ${word(admin)}, INHERIT ${word(inherit)}, SET ${word(set)}`;
}

/** What only takes comes first: it may make way for what would be a loop. */
function sorted(found: readonly Found[], clone: RolesOfServer): MembershipVerdict {
  const steps: RoleStep[] = [];
  const byHand: string[] = [];
  const stays: string[] = [];
  const edges = new Map(clone.memberships.map((one) => [JSON.stringify([one.role, one.member]), one] as const));
  const ordered = [...found].sort((a, b) => Number(a.wanted !== null) - Number(b.wanted !== null));
  for (const one of ordered) {
    const { role, member, takes, gives } = one;
    // Given first: what it has granted in its turn hangs on having it.
    const statements = [...gives, ...takes.map(({ statement }) => statement)];
    const title = `${member} in ${role}`;
    const why = one.not ?? staying(one, clone, [...edges.values()]);
    if (why !== null) stays.push(`${title}: ${why}`);
    else if (one.ofService || !mayGrant(clone, role) || takes.some(({ mine }) => !mine)) byHand.push(...statements);
    else {
      steps.push({ about: `membership of ${title}`, statements });
      const key = JSON.stringify([role, member]);
      if (one.wanted === null) edges.delete(key);
      else edges.set(key, { ...NONE, role, member });
    }
  }
  return { steps, byHand, stays };
}

const NONE = { grantor: null, admin: false, inherit: null, set: null, mayRevoke: true };

/** A role that is made in the same run its maker may grant. */
const mayGrant = ({ roles }: RolesOfServer, role: string): boolean =>
  roles.find(({ name }) => name === role)?.mayGrant ?? true;

function staying({ role, member, wanted, less }: Found, clone: RolesOfServer, edges: readonly Membership[]) {
  if (wanted !== null && loopsBack(edges, role, member))
    return `on the clone ${role} is a member of ${member}, in its turn`;
  if (!less) return null;
  const granted = clone.memberships.filter((one) => one.role === role && one.grantor === member);
  if (granted.length > 0 && wanted?.admin !== true)
    return `on the clone it has granted ${role} to ${granted.map((one) => one.member).join(', ')}`;
  if (!clone.superuser && membersBelow(edges, member).has(clone.login))
    return `the login of the clone, as which changes are applied, is a member of ${member}`;
  return null;
}
