import type { Session } from '../session';

/** A column of a table whose rows are looked up by their full contents. */
export interface UnmatchableColumn {
  /** The table that a selection names: the root, where the column is of a partition. */
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly type: string;
}

/**
 * Columns of tables with REPLICA IDENTITY FULL whose type has no equality of
 * its own: the apply worker looks for one in the default btree or hash operator
 * class and gives up without (tuples_equal in execReplication.c, lookup_type_cache).
 * Domains, arrays and composites are as good as what they are made of.
 */
export async function unmatchableColumns(session: Session): Promise<UnmatchableColumn[]> {
  return session.query<UnmatchableColumn>(
    `WITH RECURSIVE part (relid, attname, top, typ) AS (
       SELECT c.oid, a.attname, a.atttypid, a.atttypid
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relreplident = 'f' AND c.relpersistence = 'p'
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       UNION
       SELECT p.relid, p.attname, p.top, inside.typ
         FROM part p JOIN pg_type t ON t.oid = p.typ
        CROSS JOIN LATERAL (
          SELECT t.typbasetype WHERE t.typtype = 'd'
          UNION ALL SELECT t.typelem WHERE t.typcategory = 'A' AND t.typelem <> 0
          UNION ALL SELECT x.atttypid FROM pg_attribute x
                     WHERE t.typtype = 'c' AND x.attrelid = t.typrelid AND x.attnum > 0 AND NOT x.attisdropped) inside (typ))
     SELECT DISTINCT rn.nspname::text AS "rootSchema", r.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS name, p.attname::text AS "column", format_type(p.top, NULL) AS type
       FROM part p
       JOIN pg_type t ON t.oid = p.typ
       JOIN pg_class c ON c.oid = p.relid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class r ON r.oid = coalesce(pg_partition_root(c.oid), c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE t.typtype = 'b' AND NOT (t.typcategory = 'A' AND t.typelem <> 0)
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
          SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
           WHERE m.amname IN ('btree', 'hash') AND o.opcdefault
             AND (o.opcintype = t.oid OR EXISTS (
                   SELECT FROM pg_cast k WHERE k.castsource = t.oid AND k.casttarget = o.opcintype
                      AND k.castmethod = 'b' AND k.castcontext = 'i')))
      ORDER BY 3, 4, 5`,
  );
}
