import type { Session } from '../session';

/** A relation that nobody else can even read at the moment. */
export interface ExclusiveLock {
  readonly schema: string;
  readonly name: string;
  /** Of the session that holds it; null for a prepared transaction. */
  readonly pid: number | null;
  readonly user: string | null;
  readonly applicationName: string | null;
}

/** Those of others in the current database, catalogs included, at most ten. */
export async function exclusiveLocks(session: Pick<Session, 'query'>): Promise<ExclusiveLock[]> {
  return session.query<ExclusiveLock>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, l.pid, a.usename::text AS "user",
            a.application_name AS "applicationName"
       FROM pg_locks l
       JOIN pg_class c ON c.oid = l.relation
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock' AND c.relkind NOT IN ('i', 'I', 't')
        AND l.database IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND l.pid IS DISTINCT FROM pg_backend_pid()
      ORDER BY 1, 2, 3 LIMIT 10`,
  );
}
