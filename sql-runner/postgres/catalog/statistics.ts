import type { Session } from '../session';

/**
 * When the server's counters began, as seconds since 1970; null where it does
 * not say. A server that recovers, as that of a clone does at its first start,
 * throws away what it counted before (pgstat_discard_stats in pgstat.c).
 */
export async function countersSince(session: Session): Promise<number | null> {
  const [row] = await session.query<{ since: number | null }>(
    `SELECT extract(epoch FROM stats_reset)::float8 AS since FROM pg_stat_bgwriter`,
  );
  return row?.since ?? null;
}

/** Whether a transaction was rolled back in the current database: the counters of tables count its rows too. */
export async function countsRollbacks(session: Session): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(
    `SELECT xact_rollback > 0 AS found FROM pg_stat_database WHERE datname = current_database()`,
  );
  return row?.found ?? true;
}
