import type { SourceContract } from '../../../contract/contract';
import type { RolesOfServer } from '../../postgres/catalog/followed-roles';
import { parseMark } from '../../model/mark';
import { isOneRole } from './known-roles';

/**
 * Roles that both sides have under one name, and that are not known to be one: who gives by that name on the clone may give
 * to somebody else. Those of `ownRoles` among them, as a role may stand there for being another one. None where roles are
 * not followed: then a name is all that anybody has said of them.
 */
export function strangersAmong(
  contract: Pick<SourceContract, 'environment' | 'replication' | 'roles'>,
  { source, clone }: { readonly source: RolesOfServer; readonly clone: RolesOfServer },
): string[] {
  if (contract.roles === undefined) return [];
  const apart = [source.login, clone.login, contract.replication.role];
  const here = new Map(clone.roles.map((role) => [role.name, role]));
  return source.roles
    .filter(({ name, reserved, comment }) => !reserved && parseMark(comment) === null && !apart.includes(name))
    .filter((there) => {
      const found = here.get(there.name);
      return found !== undefined && parseMark(found.comment) === null && !isOneRole(there, found, contract.environment);
    })
    .map(({ name }) => name);
}
