import { OperatorError } from '../../../errors/operator-error';
import type { Session } from '../session';
import type { Subscription } from './subscriptions';

/**
 * Up to 13 an ordinary role may read neither pg_subscription.oid nor
 * subsynccommit (system_views.sql grants both to everybody from 14). A service
 * may have granted more, so the server is asked.
 */
export async function mayReadSubscriptions(session: Session): Promise<boolean> {
  const [row] = await session.query<{ may: boolean }>(
    `SELECT has_column_privilege('pg_subscription', 'oid', 'SELECT')
            AND has_column_privilege('pg_subscription', 'subsynccommit', 'SELECT') AS may`,
  );
  return row!.may;
}

/**
 * The subscriptions of the current database for a role that may not read their
 * oids. pg_stat_subscription shows them, but with names only and of all
 * databases. Where several share a name, ours is the one that this database's
 * own catalogs know: its tables or its comment are recorded here.
 *
 * @throws OperatorError SUBSCRIPTION_AMBIGUOUS
 */
export async function subscriptionsByView(session: Session): Promise<Subscription[]> {
  const rows = await session.query<Omit<Subscription, 'oid'> & { oid: number | null }>(
    `SELECT o.oid::int8::float8 AS oid, s.subname::text AS name, pg_get_userbyid(s.subowner)::text AS owner,
            s.subenabled AS enabled, s.subslotname::text AS "slotName", s.subpublications AS publications,
            obj_description(o.oid, 'pg_subscription') AS comment, NULL::text AS "synchronousCommit"
       FROM pg_subscription s
      CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT v.subid) AS anywhere,
               array_agg(DISTINCT v.subid) FILTER (WHERE
                 EXISTS (SELECT FROM pg_subscription_rel r WHERE r.srsubid = v.subid)
                 OR EXISTS (SELECT FROM pg_description d
                             WHERE d.classoid = 'pg_subscription'::regclass AND d.objoid = v.subid)) AS here
          FROM pg_stat_subscription v WHERE v.subname = s.subname) known
      CROSS JOIN LATERAL (
        SELECT CASE WHEN cardinality(known.anywhere) = 1 THEN known.anywhere[1]
                    WHEN cardinality(known.here) = 1 THEN known.here[1] END AS oid) o
      WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY 2`,
  );
  return rows.map(({ oid, ...row }) => {
    if (oid === null) throw ambiguous(session, row.name);
    return { oid, ...row };
  });
}

function ambiguous(session: Session, name: string): OperatorError {
  const { side, host, database } = session.target;
  return new OperatorError({
    code: 'SUBSCRIPTION_AMBIGUOUS',
    seen: `Several databases of the ${side} ${host} have a subscription "${name}", and the one of database "${database}" has neither tables nor a comment.`,
    why: 'PostgreSQL 13 does not let this role read which of them belongs to the database.',
    next: 'Give each of them a name of its own, or connect as a role that may read pg_subscription.',
  });
}
