import type { Session } from '../session';
import { FIRING_SQL, type FiringTrigger } from './firing-triggers';
import { partitionRootSql } from './partition-roots';

export interface ReplicaTrigger extends Omit<FiringTrigger, 'oid'> {
  /** The table that a selection names: the root, where the trigger is of a partition. */
  readonly rootSchema: string;
  readonly rootName: string;
}

/**
 * Triggers that fire for replicated rows too: apply runs with session_replication_role = replica. Rules of that
 * kind do not matter: rows are written without the rewriter (ExecSimpleRelationInsert in execReplication.c).
 * Up to 14 the partitions' copies of a table's trigger are internal, as those of foreign keys always are.
 */
export async function replicaTriggers(session: Session): Promise<ReplicaTrigger[]> {
  return session.query<ReplicaTrigger>(
    `WITH RECURSIVE ${partitionRootSql(session)}
     SELECT rn.nspname::text AS "rootSchema", r.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS "table", t.tgname::text AS name, ${FIRING_SQL}
       FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN partition_root p ON p.relid = c.oid
       JOIN pg_class r ON r.oid = coalesce(p.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE t.tgenabled IN ('A', 'R') AND NOT (t.tgisinternal AND t.tgconstraint <> 0)
      ORDER BY 3, 4, 5`,
  );
}

export interface ForcedRowSecurity {
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
}

/**
 * Tables whose policies hold for their owner, as whom the apply worker writes
 * from 16 on; it refuses to (TargetPrivilegesCheck in logical/worker.c).
 */
export async function forcedRowSecurity(session: Session): Promise<ForcedRowSecurity[]> {
  if (session.serverVersionNum < 160000) return [];
  return session.query<ForcedRowSecurity>(
    `WITH RECURSIVE ${partitionRootSql(session)}
     SELECT rn.nspname::text AS "rootSchema", r.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS name, o.rolname::text AS owner
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_roles o ON o.oid = c.relowner
       LEFT JOIN partition_root p ON p.relid = c.oid
       JOIN pg_class r ON r.oid = coalesce(p.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE c.relkind = 'r' AND c.relrowsecurity AND c.relforcerowsecurity AND NOT o.rolsuper AND NOT o.rolbypassrls
      ORDER BY 3, 4`,
  );
}
