import type { Session } from '../session';

/** A table of the current database, with one value that tells whether two sides define it alike. */
export interface TableDigest {
  /** A clone keeps the oids of the source: the same table under another name has the same. */
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Of the partitioned table that it is a partition of. */
  readonly parent: number | null;
  /** Of the tables that it inherits from without being a partition of them. */
  readonly inherits: readonly number[];
  /** Of a partition: `FOR VALUES IN (1)`. */
  readonly bound: string | null;
  /** Equal when the definitions are; may differ although they are. */
  readonly digest: string;
  /** Types of the database's own that its columns have, by oid. */
  readonly types: readonly number[];
  /** Subscriptions of this database that take its changes. */
  readonly subscriptions: readonly string[];
  /** Publications of this database that name it; a clone has those of the moment of cloning. */
  readonly publications: readonly string[];
}

/** Where an expression stood in the statement that made it is no part of its meaning. */
const NO_LOCATION = "':location -?[0-9]+', '', 'g'";

/**
 * Every permanent ordinary and partitioned table, partitions too. Grows with the
 * number of tables and columns, and takes no lock on any of them: pg_get_expr()
 * with a table, pg_get_constraintdef() and pg_get_indexdef() open the table to
 * learn the names of columns (set_relation_column_names in ruleutils.c) and would
 * wait for whoever alters it. A default names no column, the others are taken as stored.
 * A column that was dropped and added again has another number, and other values.
 */
export async function tableDigests(session: Session): Promise<TableDigest[]> {
  // Not as JSON, in which a column may be absent: a row of the catalog takes longer to convert than all else of it.
  const from = (version: number, column: string): string => (session.serverVersionNum < version ? 'NULL' : column);
  return session.query<TableDigest>(
    `WITH tables AS (
       SELECT c.oid, n.nspname, c.relname, c.relreplident, c.relispartition, c.relpartbound
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
     -- Of these only: indexes, TOAST tables and the system have five times as many.
     attributes AS MATERIALIZED (
       SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attnotnull, a.attidentity, a.attgenerated,
              a.attmissingval::text AS missing
         FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped),
     columns AS (
       SELECT a.attrelid, array_agg(DISTINCT a.atttypid::int8::float8) FILTER (WHERE a.atttypid >= 16384) AS types,
              string_agg(ROW(a.attnum, a.attname, a.atttypmod, a.attcollation, a.attnotnull,
                         CASE WHEN a.atttypid < 16384 THEN a.atttypid::text ELSE format_type(a.atttypid, NULL) END,
                         a.attidentity, a.attgenerated, a.missing,
                         CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, 0) ELSE regexp_replace(d.adbin::text, ${NO_LOCATION}) END)::text,
                         ';' ORDER BY a.attname) AS text
         FROM attributes a
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        GROUP BY 1),
     keys AS (
       SELECT i.indexrelid, string_agg(coalesce(a.attname, '()'), ',' ORDER BY k.position) AS names
         FROM tables t
         JOIN pg_index i ON i.indrelid = t.oid
        CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
         LEFT JOIN attributes a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indisunique OR i.indisexclusion
        GROUP BY 1),
     indexes AS (
       SELECT i.indrelid, string_agg(ROW(k.names, i.indisprimary, i.indisunique, i.indisexclusion,
                          i.indimmediate, i.indisready, i.indisvalid, i.indisreplident, i.indnkeyatts, i.indclass,
                          i.indcollation, ${from(150000, 'i.indnullsnotdistinct')}, regexp_replace(i.indexprs::text, ${NO_LOCATION}),
                          regexp_replace(i.indpred::text, ${NO_LOCATION}))::text, ';' ORDER BY k.names, i.indclass::text, i.indisprimary) AS text
         FROM keys k JOIN pg_index i ON i.indexrelid = k.indexrelid
        GROUP BY 1),
     constraints AS (
       SELECT k.conrelid, string_agg(ROW(k.contype, k.conexclop::text, ${from(180000, 'k.conenforced')},
                          regexp_replace(k.conbin::text, ${NO_LOCATION}))::text, ';' ORDER BY k.conname) AS text
         FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('c', 'x')
        GROUP BY 1),
     -- By the view: up to 13 an ordinary role may not read pg_subscription.oid (system_views.sql).
     taken AS (
       SELECT sr.srrelid, jsonb_agg(s.subname) AS names
         FROM pg_subscription_rel sr
         JOIN (SELECT DISTINCT subid, subname FROM pg_stat_subscription) s ON s.subid = sr.srsubid GROUP BY 1),
     published AS (
       SELECT r.prrelid, jsonb_agg(p.pubname) AS names
         FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid GROUP BY 1)
     SELECT t.oid::int8::float8 AS oid, t.nspname::text AS schema, t.relname::text AS name,
            CASE WHEN t.relispartition THEN h.parent END AS parent,
            CASE WHEN h.parent IS NULL OR t.relispartition THEN '[]' ELSE h.parents END AS inherits,
            pg_get_expr(t.relpartbound, 0) AS bound, coalesce(to_jsonb(c.types), '[]') AS types,
            md5(ROW(t.relreplident, c.text, i.text, k.text)::text) AS digest,
            coalesce(s.names, '[]') AS subscriptions, coalesce(p.names, '[]') AS publications
       FROM tables t
       LEFT JOIN columns c ON c.attrelid = t.oid
       LEFT JOIN indexes i ON i.indrelid = t.oid
       LEFT JOIN constraints k ON k.conrelid = t.oid
       LEFT JOIN (SELECT inhrelid, min(inhparent::int8)::float8 AS parent, jsonb_agg(inhparent::int8) AS parents
                    FROM pg_inherits GROUP BY 1) h ON h.inhrelid = t.oid
       LEFT JOIN taken s ON s.srrelid = t.oid
       LEFT JOIN published p ON p.prrelid = t.oid
      ORDER BY 2, 3`,
  );
}
