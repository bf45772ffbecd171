import type { Session } from '../session';

/** Of what another login does, the server says this in place of the statement, and nothing of what it waits for. */
const HIDDEN = `'<insufficient privilege>'`;

/**
 * Whether a worker of a subscription waits for a session: itself, or behind others that wait for it. Only about who
 * waits (and whoever is hidden) the lock manager is asked.
 */
export async function holdsUpWorker(session: Session, pid: number): Promise<boolean> {
  const rows = await session.query(
    `WITH RECURSIVE waiting AS MATERIALIZED (
       SELECT a.pid, pg_blocking_pids(a.pid) AS behind FROM pg_stat_get_activity(NULL) a
        WHERE a.wait_event_type = 'Lock' OR a.query = ${HIDDEN}),
     held (pid) AS (
       SELECT w.pid FROM waiting w WHERE $1::int = ANY (w.behind)
       UNION SELECT w.pid FROM waiting w JOIN held h ON h.pid = ANY (w.behind))
     SELECT FROM held h JOIN pg_stat_subscription s ON s.pid = h.pid LIMIT 1`,
    [pid],
  );
  return rows.length > 0;
}
