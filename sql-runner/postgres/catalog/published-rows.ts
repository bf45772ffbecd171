import { displayedSql } from '../quoting';
import type { Session } from '../session';
import { publishedSql } from './published-relations';

/** What tells that a published table, or one below it, may have changed its rows without sending them. */
export interface PublishedRows {
  /** As displayQualified() shows it. */
  readonly name: string;
  /** Of a partition that was attached after it was made: its row in pg_inherits, as oids and xmin. */
  readonly joined: string | null;
  /** The file its rows are in: another one when they were written anew. */
  readonly stored: string;
  /** Another one when the definition of a column was written again. */
  readonly touched: string;
  /** Equal when the columns have the same names. */
  readonly names: string;
  /** Equal when the columns of these names are the same ones. */
  readonly order: string;
  /**
   * Where whole rows identify a row: the columns whose value in old rows is kept beside them
   * (pg_attribute.attmissingval), each as number and xmin. Empty elsewhere.
   */
  readonly given: readonly string[];
  /** Of one that holds rows: its row in pg_type, which is written again with its name, its schema and its owner only. */
  readonly known: string | null;
  /** What its schema is called. */
  readonly schema: string;
  /** Row of its schema in pg_namespace, where it was written since the publication was made, and not by giving rights. */
  readonly housed: string | null;
}

/**
 * Whoever is given rights on a schema for the first time, or all of it, is noted in pg_shdepend by the transaction that
 * writes the schema's row (updateAclDependencies in pg_shdepend.c); a new name leaves nothing there.
 */
const RIGHTS_GIVEN = `EXISTS (
              SELECT FROM pg_shdepend d
               WHERE d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                 AND d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.objsubid = 0 AND d.xmin = n.xmin)`;

/**
 * Of each publication with a comment (one of ours has its mark there), by oid. A partition that was made as such has
 * one xmin for its columns and for its place in the tree; the row of ctid, which every table has, is never written again.
 */
export async function publishedRows(session: Session): Promise<Map<string, Record<string, PublishedRows>>> {
  const rows = await session.query<PublishedRows & { publication: string; oid: string }>(
    `WITH RECURSIVE ${publishedSql(session)},
     below (pubid, relid) AS (SELECT pubid, relid FROM published UNION SELECT pubid, relid FROM published_tree),
     columns AS (
       SELECT a.attrelid, sum(a.xmin::text::int8) AS touched,
              sum(hashtext(a.attname::text)::int8) FILTER (WHERE NOT a.attisdropped) AS names,
              sum(hashtext(a.attname::text)::int8 * a.attnum) FILTER (WHERE NOT a.attisdropped) AS "order",
              array_agg(a.attnum || ' ' || a.xmin) FILTER (WHERE a.atthasmissing AND NOT a.attisdropped) AS given
         FROM (SELECT DISTINCT relid FROM below) b JOIN pg_attribute a ON a.attrelid = b.relid AND a.attnum > 0
        GROUP BY 1),
     schemas AS MATERIALIZED (
       SELECT n.oid, n.nspname, n.xmin AS written, ${RIGHTS_GIVEN} AS given FROM pg_namespace n)
     SELECT p.pubname::text AS publication, c.oid::text AS oid, ${displayedSql()} AS name,
            CASE WHEN i.xmin <> made.xmin THEN i.inhrelid || ' ' || i.inhparent || ' ' || i.xmin END AS joined,
            c.relfilenode::text AS stored, coalesce(a.touched, 0)::text AS touched,
            coalesce(a.names, 0)::text AS names, coalesce(a."order", 0)::text AS "order",
            CASE WHEN c.relreplident = 'f' THEN coalesce(a.given, '{}') ELSE '{}' END AS given,
            CASE WHEN c.relkind = 'r' THEN y.oid || ' ' || y.xmin END AS known, n.nspname::text AS schema,
            CASE WHEN c.relkind = 'r' AND age(n.written) < age(p.xmin) AND NOT n.given THEN n.oid || ' ' || n.written END AS housed
       FROM below b
       JOIN pg_publication p ON p.oid = b.pubid AND obj_description(p.oid, 'pg_publication') IS NOT NULL
       JOIN pg_class c ON c.oid = b.relid
       JOIN schemas n ON n.oid = c.relnamespace
       LEFT JOIN pg_type y ON y.oid = c.reltype
       LEFT JOIN columns a ON a.attrelid = c.oid
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
       LEFT JOIN pg_attribute made ON made.attrelid = c.oid AND made.attnum = -1
      ORDER BY 1, 3`,
  );
  const found = new Map<string, Record<string, PublishedRows>>();
  for (const { publication, oid, ...row } of rows) {
    if (!found.has(publication)) found.set(publication, {});
    found.get(publication)![oid] = row;
  }
  return found;
}
