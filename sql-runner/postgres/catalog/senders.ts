import type { Session } from '../session';

/** WAL senders in use that hold no slot: base backups, plain replicas. */
export async function slotlessSenders(session: Session): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_replication r
      WHERE NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid)`,
  );
  return row!.count;
}

/** What the server has counted of a logical slot since it was made. */
export interface DecodedCount {
  /** Transactions that were decoded and handed to whoever reads. */
  readonly txns: number;
  /** Which count it is: after a crash, and after a reset, the server counts anew. */
  readonly of: string;
}

/** A logical slot with the WAL sender that reads from it. */
export interface SlotReader {
  readonly slot: string;
  readonly active: boolean;
  readonly confirmedLsn: string | null;
  /** From where on the source keeps WAL for it; null: from nowhere. */
  readonly restartLsn: string | null;
  readonly walStatus: string | null;
  /** Bytes of WAL until it may be lost; null: there is no limit. */
  readonly safeWalSize: number | null;
  /** The sender's; null: nobody reads, or the login may not see it. */
  readonly pid: number | null;
  readonly user: string | null;
  readonly application: string | null;
  /** null: nobody reads, or the login may not see it. */
  readonly tls: boolean | null;
  readonly sentLsn: string | null;
  /** Seconds since the last answer of whoever reads. */
  readonly replySeconds: number | null;
  readonly waitEvent: string | null;
  /** When the sender was started, ISO 8601; null: nobody reads, or the login may not see it. */
  readonly since: string | null;
  /** And how long ago that is. */
  readonly sinceSeconds: number | null;
  /** When the server was started, ISO 8601. */
  readonly serverSince: string;
  /** Seconds since somebody read it; null: somebody does, or it is not known (before 17). */
  readonly unreadSeconds: number | null;
  /**
   * A slot that is made, also as a copy of another one, counts anew (pgstat_create_replslot in pgstat_replslot.c); a clean
   * restart keeps the count. null: the server counts nothing (before 14).
   */
  readonly counted: DecodedCount | null;
}

/** Of shared memory: nothing is read for it. */
const COUNTED = `CASE WHEN c.slot_name IS NOT NULL THEN
              jsonb_build_object('txns', c.total_txns, 'of', concat_ws(' ', (SELECT stats_reset FROM pg_stat_archiver), c.stats_reset))
            END`;

export async function slotReaders(session: Session): Promise<SlotReader[]> {
  const counts = session.serverVersionNum >= 140_000;
  return session.query<SlotReader>(
    `SELECT s.slot_name::text AS slot, s.active, s.confirmed_flush_lsn::text AS "confirmedLsn", s.active_pid AS pid,
            s.restart_lsn::text AS "restartLsn", s.wal_status AS "walStatus", s.safe_wal_size::float8 AS "safeWalSize",
            r.usename::text AS "user", r.application_name AS application, t.ssl AS tls, r.sent_lsn::text AS "sentLsn",
            extract(epoch FROM clock_timestamp() - r.reply_time)::float8 AS "replySeconds",
            a.wait_event AS "waitEvent",
            to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since,
            extract(epoch FROM clock_timestamp() - a.backend_start)::float8 AS "sinceSeconds",
            to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "serverSince",
            extract(epoch FROM clock_timestamp() - (to_jsonb(s) ->> 'inactive_since')::timestamptz)::float8 AS "unreadSeconds",
            ${counts ? COUNTED : 'NULL'} AS counted
       FROM pg_replication_slots s
       LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid
       LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
       LEFT JOIN pg_stat_ssl t ON t.pid = s.active_pid
       ${counts ? 'LEFT JOIN pg_stat_replication_slots c ON c.slot_name = s.slot_name::text' : ''}
      WHERE s.slot_type = 'logical' ORDER BY 1`,
  );
}
