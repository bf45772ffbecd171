import type { Session } from '../session';

export interface ViewDefinition {
  readonly oid: number;
  /** The query, without a semicolon. */
  readonly definition: string;
  /** With their types, as SQL names them, in order. */
  readonly columns: readonly string[];
  /** CREATE INDEX … of a materialized view. */
  readonly indexes: readonly string[];
  /** Views that are made of it, by oid. */
  readonly usedBy: readonly number[];
}

/** Of views and materialized views. It opens what they are made of: not while somebody keeps readers out of it. */
export async function viewDefinitions(session: Session, oids: readonly number[]): Promise<ViewDefinition[]> {
  return session.query<ViewDefinition>(
    `WITH columns AS (
       SELECT a.attrelid, jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS list
         FROM pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1),
     indexes AS (
       SELECT i.indrelid, jsonb_agg(pg_get_indexdef(i.indexrelid) ORDER BY i.indexrelid::regclass::text) AS list
         FROM pg_index i WHERE i.indrelid = ANY ($1::oid[]) GROUP BY 1),
     used AS (
       SELECT d.refobjid, jsonb_agg(DISTINCT r.ev_class::int8) AS list
         FROM pg_depend d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class <> d.refobjid
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($1::oid[]) GROUP BY 1)
     SELECT c.oid::int8::float8 AS oid, regexp_replace(pg_get_viewdef(c.oid), ';$', '') AS definition,
            coalesce(a.list, '[]') AS columns, coalesce(i.list, '[]') AS indexes, coalesce(u.list, '[]') AS "usedBy"
       FROM pg_class c LEFT JOIN columns a ON a.attrelid = c.oid LEFT JOIN indexes i ON i.indrelid = c.oid
       LEFT JOIN used u ON u.refobjid = c.oid
      WHERE c.oid = ANY ($1::oid[]) AND c.relkind IN ('v', 'm')`,
    [oids],
  );
}
