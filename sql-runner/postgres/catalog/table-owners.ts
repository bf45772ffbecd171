import type { Session } from '../session';
import { partitionRootSql } from './partition-roots';

export interface OwnedTable {
  /** The table that a selection names: the root, where this is a partition. */
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
}

/**
 * Tables into which a subscription of the session's user cannot write: from 16
 * on the apply worker becomes the owner of each table (SwitchToUntrustedUser).
 */
export async function tablesNotAppliable(session: Session): Promise<OwnedTable[]> {
  if (session.serverVersionNum < 160000) return [];
  return session.query<OwnedTable>(
    `WITH RECURSIVE ${partitionRootSql(session)}
     SELECT rn.nspname::text AS "rootSchema", r.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN partition_root p ON p.relid = c.oid
       JOIN pg_class r ON r.oid = coalesce(p.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT pg_has_role(current_user, c.relowner, 'SET')
      ORDER BY 3, 4`,
  );
}
