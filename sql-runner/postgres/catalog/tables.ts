import { holdsHeartbeatSql } from './heartbeats';
import type { Session } from '../session';
import { partitionRootSql } from './partition-roots';

/** `d` primary key, `n` nothing, `f` full row, `i` a chosen index. */
export type ReplicaIdentity = 'd' | 'n' | 'f' | 'i';

export interface SelectableTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `r` ordinary, `p` root of a partitioned table. */
  readonly relkind: 'r' | 'p';
  /** `p` permanent, `u` unlogged (never replicated). */
  readonly persistence: 'p' | 'u';
  readonly replicaIdentity: ReplicaIdentity;
  /** Whether UPDATE and DELETE can be published; of a root, whether those of all its leaves can. */
  readonly identifiesRows: boolean;
  /** Leaves of a root whose UPDATE and DELETE the server would refuse once published. */
  readonly leavesWithoutIdentity: readonly { readonly schema: string; readonly name: string }[];
  readonly owner: string;
  /** Owner, or member of the owner with its privileges: CREATE PUBLICATION asks for that. */
  readonly owned: boolean;
  /** From the last ANALYZE; 0 when never analysed. */
  readonly estimatedRows: number;
}

/**
 * Every table that could be replicated: ordinary tables and roots of
 * partitioned ones. Partitions, temporary tables, system schemas and tables
 * that belong to an extension, or hold a heartbeat of ours, are left out.
 */
export async function selectableTables(session: Session): Promise<SelectableTable[]> {
  return session.query<SelectableTable>(
    `WITH RECURSIVE ${partitionRootSql(session)},
     keyed AS (
       SELECT indrelid AS oid, bool_or(indisprimary AND indimmediate) AS by_key, bool_or(indisreplident) AS by_choice
         FROM pg_index GROUP BY indrelid),
     identified AS (
       SELECT c.oid, c.relnamespace, c.relname, c.reltuples,
              CASE c.relreplident WHEN 'f' THEN true WHEN 'd' THEN coalesce(k.by_key, false)
                                  WHEN 'i' THEN coalesce(k.by_choice, false) ELSE false END AS usable
         FROM pg_class c LEFT JOIN keyed k ON k.oid = c.oid WHERE c.relkind = 'r'),
     leaves AS (
       SELECT p.root, sum(greatest(l.reltuples, 0)) AS row_count,
              jsonb_agg(jsonb_build_object('schema', n.nspname, 'name', l.relname) ORDER BY n.nspname, l.relname)
                FILTER (WHERE NOT l.usable) AS missing
         FROM partition_root p
         JOIN identified l ON l.oid = p.relid
         JOIN pg_namespace n ON n.oid = l.relnamespace
        GROUP BY p.root)
     SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            c.relkind::text AS relkind, c.relpersistence::text AS persistence,
            c.relreplident::text AS "replicaIdentity",
            CASE c.relkind WHEN 'r' THEN own.usable ELSE leaves.missing IS NULL END AS "identifiesRows",
            coalesce(leaves.missing, '[]'::jsonb) AS "leavesWithoutIdentity",
            pg_get_userbyid(c.relowner)::text AS owner, pg_has_role(c.relowner, 'USAGE') AS owned,
            coalesce(leaves.row_count, greatest(own.reltuples, 0), 0)::float8 AS "estimatedRows"
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN identified own ON own.oid = c.oid
       LEFT JOIN leaves ON leaves.root = c.oid
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence IN ('p', 'u')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        AND NOT ${holdsHeartbeatSql()}
      ORDER BY 2, 3`,
  );
}

/** Tables with rows inserted, updated or deleted since the server's counters began; a partition counts as its root. */
export async function writtenTables(session: Session): Promise<{ schema: string; name: string }[]> {
  return session.query(
    `WITH RECURSIVE ${partitionRootSql(session)}
     SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name
       FROM pg_stat_user_tables s
       LEFT JOIN partition_root p ON p.relid = s.relid
       JOIN pg_class c ON c.oid = coalesce(p.root, s.relid)
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
      ORDER BY 1, 2`,
  );
}
