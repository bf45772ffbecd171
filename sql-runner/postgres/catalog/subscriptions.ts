import { ddlLogRelationsSql } from './ddl-logs';
import { subscriptionCommentSql } from './comments';
import type { Session } from '../session';
import { mayReadSubscriptions, subscriptionsByView } from './subscriptions-13';

/** A subscription of the current database. The connection string is never read: it holds a password. */
export interface Subscription {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly enabled: boolean;
  readonly slotName: string | null;
  readonly publications: readonly string[];
  readonly comment: string | null;
  /** Value of synchronous_commit for the apply worker; null where the role may not read it (13). */
  readonly synchronousCommit: string | null;
}

export async function subscriptions(session: Session): Promise<Subscription[]> {
  if (session.serverVersionNum < 140000 && !(await mayReadSubscriptions(session))) return subscriptionsByView(session);
  return session.query<Subscription>(
    `SELECT s.oid::int8::float8 AS oid, s.subname::text AS name, pg_get_userbyid(s.subowner)::text AS owner,
            s.subenabled AS enabled, s.subslotname::text AS "slotName", s.subpublications AS publications,
            ${subscriptionCommentSql()} AS comment, s.subsynccommit::text AS "synchronousCommit"
       FROM pg_subscription s
      WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY 2`,
  );
}

/** A table that a subscription of the current database takes changes of; those of others it skips without a word. */
export interface SubscriptionRelation {
  /** Oids. */
  readonly subscription: number;
  readonly table: number;
  readonly schema: string;
  readonly name: string;
  /** `i` initialise, `d` copying, `f` copied, `s` synchronised, `r` ready. */
  readonly state: string;
}

export async function subscriptionRelations(session: Session): Promise<SubscriptionRelation[]> {
  return session.query<SubscriptionRelation>(
    `SELECT r.srsubid::int8::float8 AS subscription, r.srrelid::int8::float8 AS "table",
            n.nspname::text AS schema, c.relname::text AS name, r.srsubstate::text AS state
       FROM pg_subscription_rel r
       JOIN pg_class c ON c.oid = r.srrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.srrelid NOT IN ${ddlLogRelationsSql()}
      ORDER BY 1, 3, 4`,
  );
}

/** The apply worker of a subscription. */
export interface SubscriptionStats {
  /** null: no worker runs. */
  readonly pid: number | null;
  readonly receivedLsn: string | null;
  /** ISO 8601. */
  readonly lastMsgReceiptTime: string | null;
  /** Errors of the apply worker since the statistics were reset; null before 15. */
  readonly applyErrors: number | null;
}

/** null when there is no such subscription. */
export async function subscriptionStats(session: Session, subscriptionOid: number): Promise<SubscriptionStats | null> {
  const errors =
    session.serverVersionNum < 150000
      ? 'NULL::float8'
      : '(SELECT e.apply_error_count::float8 FROM pg_stat_subscription_stats e WHERE e.subid = s.subid)';
  // Workers for the first copy carry a relid; those for parallel apply (16+) a leader_pid.
  const rows = await session.query<SubscriptionStats>(
    `SELECT s.pid, s.received_lsn::text AS "receivedLsn",
            to_char(s.last_msg_receipt_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "lastMsgReceiptTime",
            ${errors} AS "applyErrors"
       FROM pg_stat_subscription s
      WHERE s.subid = $1 AND s.relid IS NULL AND to_jsonb(s) ->> 'leader_pid' IS NULL`,
    [subscriptionOid],
  );
  return rows[0] ?? null;
}
