import type { Membership } from '../../postgres/catalog/followed-roles';

type Edge = Pick<Membership, 'role' | 'member'>;

/** All that have a role by being members of it, or of its members; itself as well. Linear. */
export function membersBelow(edges: readonly Edge[], role: string): Set<string> {
  const members = new Map<string, string[]>();
  for (const one of edges) members.set(one.role, [...(members.get(one.role) ?? []), one.member]);
  const found = new Set([role]);
  for (const next of found) for (const member of members.get(next) ?? []) found.add(member);
  return found;
}

/** Whether the server would refuse the membership, as the role is a member of its member by then. */
export const loopsBack = (edges: readonly Edge[], role: string, member: string): boolean =>
  role === member || membersBelow(edges, member).has(role);
