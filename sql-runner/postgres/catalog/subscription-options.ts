import type { Session } from '../session';
import { mayReadSubscriptions } from './subscriptions-13';

/** Options of a subscription that somebody may have changed. */
export interface SubscriptionOptions {
  readonly name: string;
  readonly database: string;
  readonly publications: readonly string[];
  /** null where the role may not read it (13). */
  readonly synchronousCommit: string | null;
  /** From 15; false before. */
  readonly disableOnError: boolean;
}

/** Of the current database. The connection string is never read: it holds a password. */
export async function subscriptionOptions(session: Session): Promise<SubscriptionOptions[]> {
  const readable = session.serverVersionNum >= 140000 || (await mayReadSubscriptions(session));
  const synchronousCommit = readable ? 's.subsynccommit' : 'NULL';
  const disableOnError = session.serverVersionNum < 150000 ? 'false' : 's.subdisableonerr';
  return session.query<SubscriptionOptions>(
    `SELECT s.subname::text AS name, current_database()::text AS database, s.subpublications AS publications,
            ${synchronousCommit}::text AS "synchronousCommit", ${disableOnError} AS "disableOnError"
       FROM pg_subscription s
      WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`,
  );
}
