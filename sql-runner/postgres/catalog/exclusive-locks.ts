import type { Session } from '../session';

/** Who keeps everybody else from even reading a relation, or waits to and makes everybody queue behind. */
export interface ExclusiveLock {
  readonly schema: string;
  readonly name: string;
  /** Of the session that has or wants it; null for a prepared transaction. */
  readonly pid: number | null;
  /** The prepared transaction's name. */
  readonly gid: string | null;
  readonly user: string | null;
  readonly applicationName: string | null;
  readonly state: string | null;
  /** When its transaction began, `YYYY-MM-DD HH:MM:SS UTC`. */
  readonly since: string | null;
  /** When its statement began, which may have ended since; in the same form. */
  readonly querySince: string | null;
  /** Whom it waits for itself; empty: it has the lock. */
  readonly behind: readonly number[];
}

/** Those of others in the current database, catalogs included, at most ten. What holds comes before what waits. */
export async function exclusiveLocks(session: Pick<Session, 'query'>): Promise<ExclusiveLock[]> {
  return session.query<ExclusiveLock>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, l.pid, p.gid, coalesce(a.usename::text, p.owner::text) AS "user",
            a.application_name AS "applicationName", a.state, ${utc('coalesce(a.xact_start, p.prepared)')} AS since,
            ${utc('a.query_start')} AS "querySince",
            CASE WHEN l.granted THEN '[]' ELSE to_jsonb(pg_blocking_pids(l.pid)) END AS behind
       FROM pg_locks l
       JOIN pg_class c ON c.oid = l.relation
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_activity a ON a.pid = l.pid
       LEFT JOIN pg_prepared_xacts p ON l.virtualtransaction = '-1/' || p.transaction::text
      WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND c.relkind NOT IN ('i', 'I', 't')
        AND l.database IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND l.pid IS DISTINCT FROM pg_backend_pid()
      ORDER BY l.granted DESC, 1, 2, 3 LIMIT 10`,
  );
}

const utc = (time: string): string => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')`;
