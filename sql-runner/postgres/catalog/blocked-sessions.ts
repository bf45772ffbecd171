import type { Session } from '../session';

/** Who waits for a lock that a session of ours has. Fields that the login may not see are null. */
export interface BlockedSession {
  /** Process of the session that has the lock. */
  readonly behind: number;
  readonly pid: number;
  readonly user: string | null;
  /** What the session calls itself, or what kind of process it is. */
  readonly applicationName: string | null;
  /** The beginning of its statement, which can hold secrets: only its kind is for people (verify/statement-kind.ts). */
  readonly statement: string | null;
  /** Virtual id of its transaction; null when it has just ended. */
  readonly transaction: string | null;
}

/** Of what another login does, the server says this in place of the statement, and nothing of what it waits for. */
const HIDDEN = `'<insufficient privilege>'`;

/**
 * Cheap enough to be asked twice a second: who waits is in the sessions' own states, and only about those (and about
 * whoever is hidden) the lock manager is asked. Members of a parallel query count as the session that they work for
 * (manual, pg_blocking_pids). The view pg_stat_activity would read two catalogs, which somebody may have locked.
 */
export function blockedSessions(session: Session, pids: readonly number[]): Promise<BlockedSession[]> {
  return session.query<BlockedSession>(
    `SELECT DISTINCT ON (b.pid) b.pid AS behind, a.pid, pg_get_userbyid(a.usesysid)::text AS "user",
            coalesce(nullif(a.application_name, ''), a.backend_type) AS "applicationName",
            nullif(left(a.query, 500), ${HIDDEN}) AS statement,
            (SELECT l.virtualtransaction FROM pg_locks l WHERE l.pid = a.pid LIMIT 1) AS transaction
       FROM pg_stat_get_activity(NULL) a CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) b (pid)
      WHERE (a.wait_event_type = 'Lock' OR a.query = ${HIDDEN}) AND b.pid = ANY ($1::int[])
      ORDER BY b.pid, a.xact_start, a.pid`,
    [pids],
  );
}

/** Whether a transaction still waits for a lock, or has one that nobody can read beside. */
export async function keepsReadersOut(session: Session, transaction: string): Promise<boolean> {
  const rows = await session.query(
    `SELECT FROM pg_locks
      WHERE virtualtransaction = $1 AND (NOT granted OR locktype = 'relation' AND mode = 'AccessExclusiveLock') LIMIT 1`,
    [transaction],
  );
  return rows.length > 0;
}
