import type { Session } from '../session';

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
  readonly hasPrimaryKey: boolean;
  /** Whether UPDATE and DELETE can be published; of a root, whether those of all its leaves can. */
  readonly identifiesRows: boolean;
  /** Leaves of a root whose UPDATE and DELETE the server would refuse once published. */
  readonly leavesWithoutIdentity: readonly { readonly schema: string; readonly name: string }[];
  readonly owner: string;
  /** Owner, or member of the owner with its privileges: CREATE PUBLICATION asks for that. */
  readonly owned: boolean;
  /** From the last ANALYZE; 0 when never analysed. */
  readonly estimatedRows: number;
  /** Heap and TOAST as last counted by VACUUM or ANALYZE; takes no lock, unlike pg_table_size. */
  readonly estimatedBytes: number;
}

/**
 * Every table that could be replicated: ordinary tables and roots of
 * partitioned ones. Partitions, temporary tables, system schemas and tables
 * that belong to an extension are left out.
 */
export async function selectableTables(session: Session): Promise<SelectableTable[]> {
  return session.query<SelectableTable>(
    `WITH identified AS (
       SELECT c.oid, CASE c.relreplident
                WHEN 'f' THEN true
                WHEN 'd' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate)
                WHEN 'i' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
                ELSE false END AS usable
         FROM pg_class c WHERE c.relkind IN ('r', 'p'))
     SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            c.relkind::text AS relkind, c.relpersistence::text AS persistence,
            c.relreplident::text AS "replicaIdentity",
            EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS "hasPrimaryKey",
            CASE c.relkind WHEN 'r' THEN own.usable ELSE leaves.missing IS NULL END AS "identifiesRows",
            coalesce(leaves.missing, '[]'::jsonb) AS "leavesWithoutIdentity",
            pg_get_userbyid(c.relowner)::text AS owner, pg_has_role(c.relowner, 'USAGE') AS owned,
            coalesce(size.row_count, 0)::float8 AS "estimatedRows", coalesce(size.bytes, 0)::float8 AS "estimatedBytes"
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN identified own ON own.oid = c.oid
       LEFT JOIN LATERAL (
         SELECT jsonb_agg(jsonb_build_object('schema', ln.nspname, 'name', l.relname) ORDER BY ln.nspname, l.relname) AS missing
           FROM pg_partition_tree(c.oid) t
           JOIN pg_class l ON l.oid = t.relid
           JOIN pg_namespace ln ON ln.oid = l.relnamespace
           JOIN identified li ON li.oid = l.oid
          WHERE c.relkind = 'p' AND t.isleaf AND l.relkind = 'r' AND NOT li.usable) leaves ON true
       LEFT JOIN LATERAL (
         SELECT sum(greatest(l.reltuples, 0)) AS row_count,
                sum((l.relpages + coalesce(toast.relpages, 0))::int8 * current_setting('block_size')::int8) AS bytes
           FROM pg_class l LEFT JOIN pg_class toast ON toast.oid = l.reltoastrelid
          WHERE l.relkind = 'r' AND (l.oid = c.oid OR c.relkind = 'p'
                AND l.oid IN (SELECT relid FROM pg_partition_tree(c.oid)))) size ON true
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence IN ('p', 'u')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 2, 3`,
  );
}

/** Tables with rows inserted, updated or deleted since the server's counters began; a partition counts as its root. */
export async function writtenTables(session: Session): Promise<{ schema: string; name: string }[]> {
  return session.query(
    `SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name
       FROM pg_stat_user_tables s
       JOIN pg_class c ON c.oid = coalesce(pg_partition_root(s.relid), s.relid)
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
      ORDER BY 1, 2`,
  );
}
