import type { Session } from '../session';
import { partitionRootSql } from './partition-roots';

/** A foreign key of the current database; both tables as selections name them, by their roots. */
export interface ForeignKey {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  /** Of the table that has the key. */
  readonly root: { readonly schema: string; readonly name: string };
  readonly referenced: { readonly schema: string; readonly name: string };
  /** The table that has the key is unlogged, and so never replicated. */
  readonly unlogged: boolean;
}

/** Those that partitions have from their root are left out. */
export async function foreignKeys(session: Session): Promise<ForeignKey[]> {
  return session.query<ForeignKey>(
    `WITH RECURSIVE ${partitionRootSql(session)}
     SELECT k.conname::text AS name, n.nspname::text AS schema, c.relname::text AS table,
            jsonb_build_object('schema', rn.nspname, 'name', r.relname) AS root,
            jsonb_build_object('schema', fn.nspname, 'name', f.relname) AS referenced, c.relpersistence = 'u' AS unlogged
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN partition_root o ON o.relid = c.oid
       JOIN pg_class r ON r.oid = coalesce(o.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
       LEFT JOIN partition_root t ON t.relid = k.confrelid
       JOIN pg_class f ON f.oid = coalesce(t.root, k.confrelid)
       JOIN pg_namespace fn ON fn.oid = f.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0
      ORDER BY 2, 3, 1`,
  );
}
