import type { Session } from '../session';
import { holdsHeartbeatSql } from './heartbeats';
import { HEARTBEAT_TABLE } from '../../../contract/naming';

export type DependentKind =
  'view' | 'materialized view' | 'foreign key' | 'child' | 'column' | 'routine' | 'policy' | 'stranger' | 'other';

/** Something of others that keeps a heartbeat's table, or the schema that it is in, from being dropped. */
export interface HeartbeatDependent {
  /** That of the heartbeat. */
  readonly schema: string;
  /** `stranger`: nothing of it depends on the table, it only is in the schema. `child`: it inherits from the table. */
  readonly kind: DependentKind;
  /** In the server's words. */
  readonly what: string;
  /** As SQL needs it: the table of a foreign key, of a column or a policy, else the object itself. */
  readonly object: string | null;
  /** Quoted: of the foreign key, the column or the policy. */
  readonly part: string | null;
  /** Of a stranger: what ALTER calls it; null: another kind of thing, which is not said how to move. */
  readonly keyword: string | null;
  /** As whom it has to be dropped or moved; null: the login can. */
  readonly as: string | null;
}

/** What hangs on something, by a row `d` of pg_depend: the rule of a view stands for the view. */
const hangingSql = (): string => `CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END AS classid,
           coalesce(r.ev_class, d.objid) AS objid, CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END AS objsubid`;
const viewRuleSql = (): string =>
  `pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'`;

/**
 * $1: schemas, $2: name of the table. As DROP … RESTRICT walks through pg_depend (findDependentObjects in
 * dependency.c): `part` goes with the table; `way` is what does not, and what hangs on that in turn. A table that
 * inherits can stay, with what hangs on it.
 */
const wayCteSql = (): string => `ours AS (
    SELECT n.nspname::text AS schema, n.oid AS namespace, c.oid AS relid
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2 AND c.relkind = 'r'
     WHERE n.nspname = ANY ($1) AND ${holdsHeartbeatSql()}),
  part AS (
    SELECT schema, 'pg_class'::regclass::oid AS classid, relid AS objid FROM ours
    UNION
    SELECT p.schema, d.classid, d.objid
      FROM part p JOIN pg_depend d ON d.refclassid = p.classid AND d.refobjid = p.objid
     WHERE d.deptype IN ('a', 'i') AND NOT (d.classid = 'pg_class'::regclass AND d.objsubid > 0)),
  way AS (
    SELECT p.schema, ${hangingSql()}, i.inhrelid IS NOT NULL AS stays, 1 AS level
      FROM part p JOIN pg_depend d ON d.refclassid = p.classid AND d.refobjid = p.objid
      LEFT JOIN ${viewRuleSql()}
      LEFT JOIN pg_inherits i ON d.classid = 'pg_class'::regclass AND i.inhrelid = d.objid AND i.inhparent = p.objid
     WHERE d.deptype = 'n' AND NOT EXISTS (SELECT FROM part o WHERE o.classid = d.classid AND o.objid = d.objid)
    UNION
    SELECT w.schema, ${hangingSql()}, false, w.level + 1
      FROM way w JOIN pg_depend d ON d.refclassid = w.classid AND d.refobjid = w.objid AND w.objsubid IN (0, d.refobjsubid)
      LEFT JOIN ${viewRuleSql()}
     WHERE NOT w.stays AND w.level < 50 AND coalesce(r.ev_class, 0) <> w.objid),
  found AS (
    SELECT schema, classid, objid, objsubid, bool_or(stays) AS stays, max(level) AS level, false AS stranger
      FROM way w GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT o.schema, d.classid, d.objid, 0, false, 0, true
      FROM ours o JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = o.namespace
     WHERE d.deptype = 'n' AND NOT EXISTS (SELECT FROM part p WHERE p.classid = d.classid AND p.objid = d.objid)
       AND NOT EXISTS (SELECT FROM way w WHERE w.classid = d.classid AND w.objid = d.objid)),
  -- Not what goes, or moves, with something else that is found: types, indexes, triggers, sequences of columns.
  own AS (
    SELECT f.* FROM found f
     WHERE NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = f.classid AND d.objid = f.objid AND d.deptype IN ('a', 'i', 'e')
                          AND (f.stranger OR EXISTS (SELECT FROM way w WHERE w.classid = d.refclassid AND w.objid = d.refobjid AND w.objsubid IN (0, d.refobjsubid)))))`;

/** Of the heartbeats in the schemas given, in the order in which they can be dropped. */
export async function heartbeatDependents(session: Session, schemas: readonly string[]): Promise<HeartbeatDependent[]> {
  return session.query<HeartbeatDependent>(
    `WITH RECURSIVE ${wayCteSql()}
  SELECT f.schema, pg_describe_object(f.classid, f.objid, f.objsubid) AS what,
         CASE WHEN f.stranger THEN 'stranger' WHEN f.stays THEN 'child' WHEN con.contype = 'f' THEN 'foreign key'
              WHEN y.oid IS NOT NULL THEN 'policy' WHEN p.oid IS NOT NULL THEN 'routine'
              WHEN f.objsubid > 0 AND c.relkind IN ('r', 'p', 'f') THEN 'column' WHEN f.objsubid > 0 THEN 'other'
              WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized view' ELSE 'other' END AS kind,
         CASE WHEN c.oid IS NOT NULL THEN format('%I.%I', n.nspname, c.relname)
              WHEN coalesce(p.oid, t.oid) IS NOT NULL THEN (pg_identify_object(f.classid, f.objid, 0)).identity END AS object,
         quote_ident(coalesce(con.conname, y.polname, a.attname)) AS part,
         CASE WHEN NOT f.stranger THEN NULL WHEN p.oid IS NOT NULL THEN 'ROUTINE' WHEN t.oid IS NOT NULL THEN 'TYPE'
              ELSE CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'TABLE' WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE'
                                  WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' END END AS keyword,
         CASE WHEN NOT pg_has_role(coalesce(c.relowner, p.proowner, t.typowner), 'USAGE')
              THEN pg_get_userbyid(coalesce(c.relowner, p.proowner, t.typowner))::text END AS as
    FROM own f
    LEFT JOIN pg_constraint con ON f.classid = 'pg_constraint'::regclass AND con.oid = f.objid
    LEFT JOIN pg_policy y ON f.classid = 'pg_policy'::regclass AND y.oid = f.objid
    LEFT JOIN pg_proc p ON f.classid = 'pg_proc'::regclass AND p.oid = f.objid
    LEFT JOIN pg_type t ON f.classid = 'pg_type'::regclass AND t.oid = f.objid
    LEFT JOIN pg_class c ON c.oid = CASE WHEN f.classid = 'pg_class'::regclass THEN f.objid ELSE coalesce(con.conrelid, y.polrelid) END
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON f.classid = 'pg_class'::regclass AND a.attrelid = f.objid AND a.attnum = f.objsubid AND f.objsubid > 0
   ORDER BY 1, f.level DESC, 2`,
    [schemas, HEARTBEAT_TABLE],
  );
}
