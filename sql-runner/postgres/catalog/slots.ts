import type { Session } from '../session';

/** A slot of the cluster, in whichever database. */
export interface ReplicationSlot {
  readonly name: string;
  readonly plugin: string | null;
  readonly slotType: 'logical' | 'physical';
  readonly database: string | null;
  readonly temporary: boolean;
  readonly active: boolean;
  readonly activePid: number | null;
  readonly restartLsn: string | null;
  readonly confirmedFlushLsn: string | null;
  /** reserved, extended, unreserved or lost; null when nothing is reserved. */
  readonly walStatus: string | null;
  /** Bytes of WAL until the slot may be lost; null when unlimited. */
  readonly safeWalSize: number | null;
  /** From 17; why the slot can no longer be used. */
  readonly invalidationReason: string | null;
  /** From 14. */
  readonly twoPhase: boolean;
}

interface SlotRow {
  slot_name: string;
  plugin: string | null;
  slot_type: 'logical' | 'physical';
  database: string | null;
  temporary: boolean;
  active: boolean;
  active_pid: number | null;
  restart_lsn: string | null;
  confirmed_flush_lsn: string | null;
  wal_status: string | null;
  safe_wal_size: number | null;
  invalidation_reason?: string | null;
  two_phase?: boolean;
}

export async function replicationSlots(session: Session): Promise<ReplicationSlot[]> {
  // As JSON, a column that this major does not have is simply absent.
  const rows = await session.query<{ slot: SlotRow }>(
    `SELECT to_jsonb(s) AS slot FROM pg_replication_slots s ORDER BY s.slot_name`,
  );
  return rows.map(({ slot }) => ({
    name: slot.slot_name,
    plugin: slot.plugin,
    slotType: slot.slot_type,
    database: slot.database,
    temporary: slot.temporary,
    active: slot.active,
    activePid: slot.active_pid,
    restartLsn: slot.restart_lsn,
    confirmedFlushLsn: slot.confirmed_flush_lsn,
    walStatus: slot.wal_status,
    safeWalSize: slot.safe_wal_size,
    invalidationReason: slot.invalidation_reason ?? null,
    twoPhase: slot.two_phase ?? false,
  }));
}

/** null when the slot does not exist, or has no position yet. */
export async function confirmedFlushLsn(session: Session, slot: string): Promise<string | null> {
  const [row] = await session.query<{ lsn: string | null }>(
    `SELECT confirmed_flush_lsn::text AS lsn FROM pg_replication_slots WHERE slot_name = $1`,
    [slot],
  );
  return row?.lsn ?? null;
}
