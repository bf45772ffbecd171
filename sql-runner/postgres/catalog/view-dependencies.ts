import type { Session } from '../session';
import { displayQualified } from '../text/quoting';

/** That one thing reads another: a view, what a view calls, or what a function whose body is known reads. */
export interface ViewDependency {
  /** `c` for a relation, `p` for a routine, `o` for an operator, and its oid. */
  readonly from: string;
  readonly to: string;
  /** `to` is a routine, and what it reads is in its text alone, which the catalog does not know: `schema.name`. */
  readonly unknown: string | null;
}

/** Where a class stands in pg_depend. */
const CLASSES = `(VALUES ('pg_class'::regclass::oid, 'c'), ('pg_proc'::regclass, 'p'), ('pg_operator'::regclass, 'o')) k (classid, letter)`;

/** What an object reads: a view by its rule, a routine with a body of SQL (from 14 on) and an operator by themselves. */
const NEXT = `LATERAL (
    SELECT d.refclassid, d.refobjid FROM pg_rewrite w
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
     WHERE r.classid = 'pg_class'::regclass AND w.ev_class = r.objid AND w.ev_type = '1'
    UNION ALL
    SELECT d.refclassid, d.refobjid FROM pg_depend d
     WHERE r.classid IN ('pg_proc'::regclass, 'pg_operator'::regclass) AND d.classid = r.classid AND d.objid = r.objid
  ) d`;

/**
 * What the materialized views of the database read, and what that reads, as far as pg_depend tells. Each object is
 * walked once. A routine that is IMMUTABLE promises to read nothing; one in C or of the server itself is not asked for.
 */
export async function viewDependencies(session: Session): Promise<ViewDependency[]> {
  const rows = await session.query<Edge>(
    `WITH RECURSIVE reached (classid, objid) AS (
       SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c WHERE c.relkind = 'm'
       UNION
       SELECT d.refclassid, d.refobjid FROM reached r CROSS JOIN ${NEXT} JOIN ${CLASSES} ON k.classid = d.refclassid),
     edges AS (
       SELECT DISTINCT r.classid, r.objid, d.refclassid, d.refobjid, k.letter
         FROM reached r CROSS JOIN ${NEXT} JOIN ${CLASSES} ON k.classid = d.refclassid
        WHERE (d.refclassid, d.refobjid) <> (r.classid, r.objid))
     SELECT k.letter || e.objid AS "from", e.letter || e.refobjid AS "to", n.nspname::text AS schema, p.proname::text AS name
       FROM edges e JOIN ${CLASSES} ON k.classid = e.classid
       LEFT JOIN (pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang)
         ON e.refclassid = 'pg_proc'::regclass AND p.oid = e.refobjid AND p.provolatile <> 'i' AND p.prokind <> 'a'
            AND l.lanname NOT IN ('c', 'internal') AND to_jsonb(p) ->> 'prosqlbody' IS NULL
      ORDER BY 1, 2`,
  );
  return rows.map(({ from, to, schema, name }) => ({
    ...{ from, to },
    unknown: schema === null || name === null ? null : displayQualified({ schema, name }),
  }));
}

interface Edge {
  readonly from: string;
  readonly to: string;
  /** Of a routine that is dark. */
  readonly schema: string | null;
  readonly name: string | null;
}
