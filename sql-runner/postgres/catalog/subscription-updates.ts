import type { Session } from '../session';

export interface SubscriptionCounts {
  readonly updates: number;
  /**
   * When the server began to count, by its own clock: another moment is another count. A clean restart keeps it; where
   * statistics are lost, all that have such a moment get a new one (pgstat_reset_after_failure in pgstat.c). Of those,
   * the archiver's is the one that nobody has a reason to reset.
   */
  readonly since: string;
  /** When it was read, by the same clock. */
  readonly at: string;
  /** By subscription, the process that applied its changes by then; none of a name that several databases have. */
  readonly workers?: Readonly<Record<string, number>>;
}

/**
 * How often rows of pg_subscription were updated: by ALTER SUBSCRIPTION, or by the server. Of all databases, which share
 * the catalog; ALTER SUBSCRIPTION … REFRESH updates none. The row itself would tell more, and is for superusers only.
 * It begins anew with the server's statistics, after a crash for instance.
 *
 * @returns null up to 14, where nothing makes a session write its counts at once
 */
export async function subscriptionUpdates(session: Session): Promise<SubscriptionCounts | null> {
  if (session.serverVersionNum < 150000) return null;
  const [row] = await session.query<SubscriptionCounts>(
    `SELECT pg_stat_get_tuples_updated('pg_subscription'::regclass)::float8 AS updates,
            to_char((SELECT stats_reset FROM pg_stat_archiver) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since,
            to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
            (SELECT coalesce(json_object_agg(w.subname, w.pid), '{}')
             FROM (SELECT s.subname, min(s.pid) AS pid FROM pg_stat_subscription s
                   WHERE s.pid IS NOT NULL AND s.relid IS NULL AND to_jsonb(s) ->> 'leader_pid' IS NULL
                   GROUP BY s.subname HAVING count(*) = 1) w) AS workers`,
  );
  return row ?? null;
}
