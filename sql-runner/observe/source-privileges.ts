import type { Ask } from '../connections/reading';
import { loginPrivileges, type LoginPrivileges } from '../postgres/catalog/login-privileges';
import { mayDropSlots } from '../postgres/catalog/slot-rights';

/**
 * What the login of the source may do. Where the catalog shows no right to replicate, and the service may have given it
 * by other means, the server is asked.
 * @param role the replication role
 */
export async function sourcePrivileges(ask: Ask, role: string): Promise<LoginPrivileges> {
  const privileges = await ask(loginPrivileges, role);
  if (privileges.replicate || !privileges.rdsSuperuser) return privileges;
  return { ...privileges, replicate: await ask(mayDropSlots) };
}
