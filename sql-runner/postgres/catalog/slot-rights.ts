import type { Session } from '../session';
import { loginPrivileges, type LoginPrivileges } from './login-privileges';

const INSUFFICIENT_PRIVILEGE = '42501';
/** No slot of that name, and no slots at all before wal_level is raised: both come after the look at the privilege. */
const ALLOWED = new Set(['42704', '55000']);

/**
 * What the login of the source may do. Where the catalog shows no right to replicate, and the service may have given it
 * by other means, the server is asked: no slot can have an empty name (ReplicationSlotValidateName in slot.c), and
 * whoever may drop none is refused before it is looked for (pg_drop_replication_slot in slotfuncs.c).
 * @param role the replication role
 */
export async function sourcePrivileges(session: Session, role: string): Promise<LoginPrivileges> {
  const privileges = await loginPrivileges(session, role);
  if (privileges.replicate || !privileges.rdsSuperuser) return privileges;
  return { ...privileges, replicate: await maySlots(session) };
}

async function maySlots(session: Session): Promise<boolean> {
  try {
    await session.query(`SELECT pg_drop_replication_slot('')`);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === INSUFFICIENT_PRIVILEGE) return false;
    if (ALLOWED.has(code ?? '')) return true;
    throw error;
  }
}
