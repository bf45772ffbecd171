import type { Session } from '../session';

export interface LockHolder {
  readonly pid: number;
  readonly user: string;
  readonly applicationName: string;
  readonly since: string;
}

/** The session of the current database that holds an advisory lock of a bigint key. */
export async function lockHolder(session: Session, key: string): Promise<LockHolder | null> {
  // pg_locks splits the key: its high half in classid, its low half in objid, objsubid 1 (manual, pg_locks).
  const [row] = await session.query<LockHolder>(
    `SELECT l.pid, coalesce(a.usename::text, '(hidden)') AS "user", coalesce(a.application_name, '') AS "applicationName",
            coalesce(to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), '(unknown)') AS since
       FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint`,
    [key],
  );
  return row ?? null;
}
