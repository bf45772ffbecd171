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

const SINCE = `to_char((SELECT stats_reset FROM pg_stat_archiver) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since`;

/**
 * How many updates of pg_subscription this session has made that its server has not counted yet: two answers in one
 * transaction differ by what it has done in between, whatever others do, and by nothing where track_counts is off.
 * In a transaction nothing is counted (pgstat_report_stat in pgstat.c), so none gets lost between the two.
 *
 * @returns null up to 14, as below
 */
export async function updatesNotCounted(
  session: Session,
): Promise<Pick<SubscriptionCounts, 'updates' | 'since'> | null> {
  if (session.serverVersionNum < 150000) return null;
  const [row] = await session.query<Pick<SubscriptionCounts, 'updates' | 'since'>>(
    `SELECT coalesce(pg_stat_get_xact_tuples_updated('pg_subscription'::regclass), 0)::float8 AS updates, ${SINCE}`,
  );
  return row ?? null;
}

/** Whoever asks for the count once the present transaction has ended finds in it what it has done. */
export async function countAtOnce(session: Session): Promise<void> {
  if (session.serverVersionNum < 150000) return;
  await session.query('SELECT pg_stat_force_next_flush()');
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
            ${SINCE},
            to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
            (SELECT coalesce(json_object_agg(w.subname, w.pid), '{}')
             FROM (SELECT s.subname, min(s.pid) AS pid FROM pg_stat_subscription s
                   WHERE s.pid IS NOT NULL AND s.relid IS NULL AND to_jsonb(s) ->> 'leader_pid' IS NULL
                   GROUP BY s.subname HAVING count(*) = 1) w) AS workers`,
  );
  return row ?? null;
}
