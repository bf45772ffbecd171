import type { Session } from '../session';

/** WAL senders in use that hold no slot: base backups, plain replicas. */
export async function slotlessSenders(session: Session): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_replication r
      WHERE NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid)`,
  );
  return row!.count;
}
