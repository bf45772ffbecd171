import { displayedSql } from '../text/quoting';
import type { Session } from '../session';

/** Who stands in the way of a session that waits for a lock. */
export interface LockWait {
  /** `schema.table` that it wants to lock; null when it waits for something else. */
  readonly table: string | null;
  /** 0: a prepared transaction, which has no process (manual, pg_blocking_pids). */
  readonly pid: number;
  readonly user: string;
  /** What the session calls itself, or what kind of process it is. */
  readonly applicationName: string;
  readonly state: string;
  /** Start of its transaction, UTC. */
  readonly since: string;
}

/** Takes no lock itself: pg_class is looked up by the number that pg_locks shows. */
export async function lockWaits(session: Session, pid: number): Promise<LockWait[]> {
  return session.query<LockWait>(
    `SELECT (SELECT ${displayedSql()} FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
               JOIN pg_namespace n ON n.oid = c.relnamespace WHERE l.pid = $1 AND NOT l.granted LIMIT 1) AS "table",
            b.pid, coalesce(a.usename::text, '(hidden)') AS "user",
            coalesce(nullif(a.application_name, ''), a.backend_type, '(hidden)') AS "applicationName",
            coalesce(a.state, '(hidden)') AS state,
            coalesce(to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), '(unknown)') AS since
       FROM unnest(pg_blocking_pids($1::int)) AS b (pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid
      ORDER BY b.pid`,
    [pid],
  );
}
