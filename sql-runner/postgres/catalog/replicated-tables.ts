import type { Session } from '../session';
import { publishedSql } from './published-relations';

/** A table that a publication sends: ordinary tables and leaves of partitioned ones. */
export interface SentTable {
  readonly publication: string;
  readonly schema: string;
  readonly name: string;
  /** What CREATE TABLE … PARTITION OF needs; null for an ordinary table. */
  readonly partition: { readonly parentSchema: string; readonly parentName: string; readonly bound: string } | null;
}

/** The bound of a partition is written without its relation, which pg_get_expr() would open, and so lock. */
export async function sentTables(session: Session): Promise<SentTable[]> {
  return session.query<SentTable>(
    `WITH RECURSIVE ${publishedSql(session)}
     SELECT p.pubname::text AS publication, n.nspname::text AS schema, c.relname::text AS name,
            CASE WHEN c.relispartition THEN jsonb_build_object('parentSchema', pn.nspname, 'parentName', parent.relname,
                                                               'bound', pg_get_expr(c.relpartbound, 0)) END AS partition
       FROM sent s
       JOIN pg_publication p ON p.oid = s.pubid
       -- What is foreign or unlogged the server lists, and sends nothing of.
       JOIN pg_class c ON c.oid = s.relid AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
       LEFT JOIN pg_class parent ON parent.oid = i.inhparent
       LEFT JOIN pg_namespace pn ON pn.oid = parent.relnamespace
      ORDER BY 1, 2, 3`,
  );
}
