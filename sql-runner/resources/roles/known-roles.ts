import type { SourceContract } from '../../../contract/contract';
import type { RolesObserved } from '../../model/followed-roles';
import { parseMark } from '../../model/mark';
import type { FollowedRole } from '../../postgres/catalog/followed-roles';
import { readComment } from './followed-mark';

export interface SameRole {
  readonly there: FollowedRole;
  readonly here: FollowedRole;
  /** sql-runner made it: nobody has logged in as it before. */
  readonly made: boolean;
}

/** Which roles of the clone are those of the source, and which are nobody's to touch. */
export interface KnownRoles {
  readonly same: readonly SameRole[];
  /** On the source alone, and to be made. */
  readonly lacking: readonly FollowedRole[];
  /** Of one name, and not known to be one role. */
  readonly unknown: readonly { readonly there: FollowedRole; readonly here: FollowedRole }[];
  /** What may be one role that was renamed on the source. */
  readonly renamed: readonly { readonly there: FollowedRole; readonly here: FollowedRole }[];
  readonly onCloneAlone: readonly FollowedRole[];
  /** What is given to it and taken from it follows the source; null: PUBLIC. */
  readonly isFollowed: (name: string | null) => boolean;
  /** sql-runner makes it, or has made it. */
  readonly isOurs: (name: string | null) => boolean;
  /** Somebody else's affair: of the service, the login, the product or the clone itself. */
  readonly isApart: (name: string) => boolean;
}

/**
 * A role is the same where it has the number that it has on the source, with which it came along, or says in its comment
 * which one it stands for. Names alone are no proof.
 */
export function knownRoles(contract: SourceContract, { source, clone }: RolesObserved): KnownRoles {
  const own = new Set(contract.roles?.own ?? []);
  const apart = new Set([...own, source.login, clone.login, contract.replication.role]);
  for (const { name, reserved, comment } of [...source.roles, ...clone.roles])
    if (reserved || parseMark(comment) !== null) apart.add(name);
  const here = new Map(clone.roles.map((role) => [role.name, role]));
  const there = new Set(source.roles.map(({ name }) => name));
  const alone = clone.roles.filter(({ name }) => !apart.has(name) && !there.has(name));
  const same: SameRole[] = [];
  const unknown: { there: FollowedRole; here: FollowedRole }[] = [];
  const renamed: { there: FollowedRole; here: FollowedRole }[] = [];
  const lacking: FollowedRole[] = [];
  for (const role of source.roles.filter(({ name }) => !apart.has(name))) {
    const found = here.get(role.name);
    if (found !== undefined) {
      const made = readComment(found.comment, contract.environment).standsFor !== null;
      if (isOneRole(role, found, contract.environment)) same.push({ there: role, here: found, made });
      else unknown.push({ there: role, here: found });
      continue;
    }
    const former = alone.find(({ comment, oid }) => {
      const stands = readComment(comment, contract.environment).standsFor;
      return (stands ?? oid) === role.oid;
    });
    if (former === undefined) lacking.push(role);
    else renamed.push({ there: role, here: former });
  }
  const followed = new Set([...same.map((one) => one.there.name), ...(clone.mayCreate ? lacking : []).map(nameOf)]);
  const ours = new Set([...same.filter(({ made }) => made).map((one) => one.there.name), ...lacking.map(nameOf)]);
  const former = new Set(renamed.map((one) => one.here));
  return {
    same,
    lacking,
    unknown,
    renamed,
    onCloneAlone: alone.filter((role) => !former.has(role)),
    isFollowed: (name) => (name === null ? !own.has('public') : followed.has(name)),
    isOurs: (name) => name !== null && ours.has(name),
    isApart: (name) => apart.has(name),
  };
}

/** Of two that have one name. */
export const isOneRole = (there: FollowedRole, here: FollowedRole, environment: string): boolean =>
  (readComment(here.comment, environment).standsFor ?? here.oid) === there.oid;

const nameOf = ({ name }: FollowedRole): string => name;
