import type { Session } from '../session';
import { publishedSql } from './published-relations';

/** A trigger that fires although session_replication_role is replica, as it is in an apply worker. */
export interface FiringTrigger {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly mode: 'always' | 'replica';
  /** BEFORE … FOR EACH ROW: what it returns is written instead of what arrived, or nothing (pg_trigger.h, TRIGGER_TYPE_…). */
  readonly beforeRow: boolean;
}

/** When a trigger fires; `t` is of pg_trigger. */
export const FIRING_SQL = `CASE t.tgenabled WHEN 'A' THEN 'always' ELSE 'replica' END AS mode, t.tgtype & 3 = 3 AS "beforeRow"`;

/**
 * Those of the tables in the publications and of their partitions. Internal
 * ones, of foreign keys, are left out: they check, and only a superuser could
 * have changed them. Up to 14 the partitions' copies of a table's trigger are
 * internal too, and anybody's (pg_trigger.tgparentid).
 */
export async function firingTriggers(session: Session, publications: readonly string[]): Promise<FiringTrigger[]> {
  return session.query<FiringTrigger>(
    `WITH RECURSIVE ${publishedSql(session)},
     replicated AS (
       SELECT r.relid AS oid
         FROM (SELECT pubid, relid FROM published UNION SELECT pubid, relid FROM published_tree) r
         JOIN pg_publication p ON p.oid = r.pubid AND p.pubname = ANY ($1::text[])
        GROUP BY 1)
     SELECT t.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS table, t.tgname::text AS name,
            ${FIRING_SQL}
       FROM replicated JOIN pg_class c USING (oid)
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_trigger t ON t.tgrelid = c.oid
      WHERE NOT (t.tgisinternal AND t.tgconstraint <> 0) AND t.tgenabled IN ('A', 'R')
      ORDER BY 2, 3, 4`,
    [publications],
  );
}
