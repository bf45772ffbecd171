import type { Session } from '../session';

/**
 * How often rows of pg_subscription were updated: by ALTER SUBSCRIPTION, or by the server. Of all databases, which share
 * the catalog; ALTER SUBSCRIPTION … REFRESH updates none. The row itself would tell more, and is for superusers only.
 * It begins anew with the server's statistics, after a crash for instance.
 *
 * @returns null up to 14, where nothing makes a session write its counts at once
 */
export async function subscriptionUpdates(session: Session): Promise<number | null> {
  if (session.serverVersionNum < 150000) return null;
  const [row] = await session.query<{ subscriptionUpdates: number }>(
    `SELECT pg_stat_get_tuples_updated('pg_subscription'::regclass)::float8 AS "subscriptionUpdates"`,
  );
  return row!.subscriptionUpdates;
}
