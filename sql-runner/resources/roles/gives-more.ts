import type { SourceContract } from '../../../contract/contract';
import type { RolesObserved } from '../../model/followed-roles';
import type { Membership, RolesOfServer } from '../../postgres/catalog/followed-roles';
import { quoteIdent } from '../../postgres/text/quoting';
import type { KnownRoles } from './known-roles';
import { membersBelow } from './membership-graph';

/** What followed roles have on the clone by being members of roles that nobody follows there. */
export interface GivesMore {
  /** Such as the source does not have. */
  readonly memberships: readonly Membership[];
  /** All that have something by one, or by what both sides have of the kind: what that role may was not compared. */
  readonly members: ReadonlySet<string>;
}

/**
 * Rights of a followed role are compared with the source's, and so are its memberships in others that are followed. Where it
 * is a member of any other role, as of one that the source has dropped since, it has the rights of that as well. Of the
 * service's roles memberships.ts tells, of a renamed one ROLE_RENAMED. Pure.
 */
export function givesMore({ source, clone }: RolesObserved, known: KnownRoles): GivesMore {
  const there = new Set(source.memberships.map(({ role, member }) => JSON.stringify([role, member])));
  const reserved = new Set(clone.roles.filter((role) => role.reserved).map(({ name }) => name));
  const renamed = new Set(known.renamed.map(({ here }) => here.name));
  const apart = clone.memberships.filter(
    ({ role, member, admin, inherit, set }) =>
      known.isFollowed(member) &&
      !known.isFollowed(role) &&
      !reserved.has(role) &&
      (admin || inherit !== false || set !== false),
  );
  return {
    memberships: apart.filter(({ role, member }) => !renamed.has(role) && !there.has(JSON.stringify([role, member]))),
    members: new Set(apart.flatMap(({ member }) => [...membersBelow(clone.memberships, member)])),
  };
}

/** Of those that `ownRoles` says nothing of. */
export const notOwn = ({ roles }: SourceContract, { memberships }: GivesMore): Membership[] =>
  memberships.filter(({ role }) => roles?.own.includes(role) !== true);

/** What a member has passed on hangs on its own from 16 on, and would keep it. */
export function revokeOf({ role, member, grantor }: Membership, { memberships }: RolesOfServer): string {
  const passedOn = memberships.some((one) => one.role === role && one.grantor === member);
  const by = grantor === null ? '' : ` GRANTED BY ${quoteIdent(grantor)}`;
  return `REVOKE ${quoteIdent(role)} FROM ${quoteIdent(member)}${by}${passedOn ? ' CASCADE' : ''}`;
}
