import type { Session } from '../session';

const INSUFFICIENT_PRIVILEGE = '42501';
/** No slot of that name, and no slots at all before wal_level is raised: both come after the look at the privilege. */
const ALLOWED = new Set(['42704', '55000']);

/**
 * Whether the server lets us drop slots: no slot can have an empty name (ReplicationSlotValidateName in slot.c), and
 * whoever may drop none is refused before it is looked for (pg_drop_replication_slot in slotfuncs.c).
 */
export async function mayDropSlots(session: Session): Promise<boolean> {
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
