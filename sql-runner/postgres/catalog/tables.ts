import { holdsHeartbeatOrHistorySql } from './heartbeats';
import type { Session } from '../session';
import { attachedSql, partitionRootSql } from './partition-roots';

/** `d` primary key, `n` nothing, `f` full row, `i` a chosen index. */
export type ReplicaIdentity = 'd' | 'n' | 'f' | 'i';

/**
 * Why a server refuses UPDATE and DELETE of a table that is published (CheckCmdReplicaIdentity in execReplication.c),
 * or why the clone could not apply them: a generated column is not sent. The source refuses that from PostgreSQL 18 on
 * (pub_contains_invalid_column in publicationcmds.c); before, the clone's worker stops at the first one
 * (logicalrep_rel_mark_updatable in relation.c).
 */
export type IdentityFault =
  | 'a generated column in its primary key'
  | 'a generated column in its replica identity'
  | 'a generated column under REPLICA IDENTITY FULL'
  | 'a virtual generated column under REPLICA IDENTITY FULL'
  | 'no primary key'
  | 'a deferrable primary key'
  | 'an invalid primary key'
  | 'REPLICA IDENTITY NOTHING'
  | 'no index of its replica identity'
  | 'an unusable index as replica identity';

interface Name {
  readonly schema: string;
  readonly name: string;
}

/** A table of users, at whatever place of a tree; partitions and inheritance children are rows of their own. */
export interface CatalogTable extends Name {
  /** Absent: of a table that was made up. */
  readonly oid?: number;
  /** `table` keeps rows; `root` is partitioned, at any depth, and keeps none; `foreign` keeps them elsewhere. */
  readonly kind: 'table' | 'root' | 'foreign';
  /** What is unlogged writes no WAL and is never replicated. */
  readonly persistence: 'permanent' | 'unlogged';
  readonly partition: boolean;
  /** The table that it is a partition of, or those from which it inherits. */
  readonly parents: readonly Name[];
  /** The extension that it belongs to; `configured`: users may add rows to it (pg_extension_config_dump). */
  readonly extension: { readonly name: string; readonly configured: boolean } | null;
  readonly replicaIdentity: ReplicaIdentity;
  /** Null where UPDATE and DELETE can be published; of what keeps no rows here always. */
  readonly identityFault: IdentityFault | null;
  /** Why REPLICA IDENTITY DEFAULT would not identify its rows; null: its primary key serves. */
  readonly keyFault: IdentityFault | null;
  /** Whole rows would identify it: REPLICA IDENTITY FULL. */
  readonly rowsIdentify: boolean;
  /** Only of a table with generated columns: an index without them that REPLICA IDENTITY USING INDEX would take. */
  readonly uniqueIndex: string | null;
  readonly owner: string;
  /** Owner, or member of the owner with its privileges: CREATE PUBLICATION asks for that. */
  readonly mayPublish: boolean;
  /** The owner's privileges can be granted: it is neither a superuser nor RDS's own rdsadmin. */
  readonly ownerGrantable: boolean;
  /** From the last ANALYZE; 0 when never analysed. Of a root its partitions together. */
  readonly estimatedRows: number;
}

/**
 * Every table outside the system's schemas, in one pass over each catalog and
 * without a lock on any table. Temporary tables, and what holds a heartbeat of
 * ours, are left out.
 */
export async function catalogTables(session: Session): Promise<CatalogTable[]> {
  return session.query<CatalogTable>(
    `WITH RECURSIVE ${partitionRootSql(session)},
     ${GENERATED},
     keyed AS (
       SELECT indrelid AS oid, bool_or(indisprimary) AS key, bool_or(indisprimary AND usable) AS by_key,
              bool_or(indisprimary AND NOT indimmediate) AS deferrable, bool_or(indisreplident) AS choice,
              bool_or(indisreplident AND usable) AS by_choice, bool_or(indisprimary AND computed) AS computed_key,
              bool_or(indisreplident AND computed) AS computed_choice, min(indexrelid) FILTER (WHERE serves) AS other
         FROM indexed GROUP BY indrelid),
     parent AS (
       SELECT i.inhrelid AS oid, jsonb_agg(jsonb_build_object('schema', n.nspname, 'name', p.relname) ORDER BY i.inhseqno) AS list
         FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent AND p.relkind IN ('r', 'p', 'f') AND ${attachedSql(session)}
         JOIN pg_namespace n ON n.oid = p.relnamespace
        GROUP BY i.inhrelid),
     member AS (
       SELECT d.objid AS oid, jsonb_build_object('name', e.extname, 'configured', coalesce(d.objid = ANY (e.extconfig), false)) AS extension
         FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'),
     below AS (
       SELECT p.root AS oid, sum(greatest(c.reltuples, 0)) AS row_count
         FROM partition_root p JOIN pg_class c ON c.oid = p.relid AND c.relkind = 'r' GROUP BY p.root)
     SELECT n.nspname::text AS schema, c.relname::text AS name, c.oid::int8::float8 AS oid,
            CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'root' ELSE 'foreign' END AS kind,
            CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
            c.relispartition AS partition, coalesce(parent.list, '[]'::jsonb) AS parents, member.extension,
            c.relreplident::text AS "replicaIdentity",
            CASE WHEN c.relkind <> 'r' THEN NULL
                 WHEN c.relreplident = 'f' THEN CASE
                   WHEN g.oid IS NOT NULL AND ${session.serverVersionNum >= 180000 ? 'true' : 'false'} THEN
                     CASE WHEN g.virtual THEN 'a virtual generated column under REPLICA IDENTITY FULL'
                          ELSE 'a generated column under REPLICA IDENTITY FULL' END
                   WHEN k.computed_key THEN 'a generated column in its primary key' END
                 WHEN c.relreplident = 'n' THEN 'REPLICA IDENTITY NOTHING'
                 WHEN c.relreplident = 'd' THEN ${KEY_FAULT}
                 WHEN k.computed_choice THEN 'a generated column in its replica identity'
                 WHEN k.by_choice THEN NULL WHEN k.choice THEN 'an unusable index as replica identity'
                 ELSE 'no index of its replica identity' END AS "identityFault",
            ${KEY_FAULT} AS "keyFault", other.relname::text AS "uniqueIndex",
            coalesce(NOT k.computed_key, true) AND NOT (g.oid IS NOT NULL AND ${session.serverVersionNum >= 180000 ? 'true' : 'false'}) AS "rowsIdentify",
            o.rolname::text AS owner, pg_has_role(c.relowner, 'USAGE') AS "mayPublish",
            NOT o.rolsuper AND o.rolname <> 'rdsadmin' AS "ownerGrantable",
            coalesce(below.row_count, greatest(c.reltuples, 0), 0)::float8 AS "estimatedRows"
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_roles o ON o.oid = c.relowner
       LEFT JOIN keyed k ON k.oid = c.oid
       LEFT JOIN generated g ON g.oid = c.oid
       LEFT JOIN pg_class other ON other.oid = k.other
       LEFT JOIN parent ON parent.oid = c.oid
       LEFT JOIN member ON member.oid = c.oid
       LEFT JOIN below ON below.oid = c.oid
      WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence IN ('p', 'u')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT ${holdsHeartbeatOrHistorySql()}
      ORDER BY 1, 2`,
  );
}

const KEY_FAULT = `CASE
                   WHEN k.computed_key THEN 'a generated column in its primary key'
                   WHEN k.by_key THEN NULL WHEN k.deferrable THEN 'a deferrable primary key'
                   WHEN k.key THEN 'an invalid primary key' ELSE 'no primary key' END`;

/**
 * Every generated column has its expression in pg_attrdef, which is a part of the size of pg_attribute.
 * Of indexes that identify rows, or could in a table with generated columns; INCLUDE columns are no part of an identity.
 */
const GENERATED = `generated AS (
       SELECT attrelid AS oid, array_agg(attnum) AS columns, bool_or(attgenerated = 'v') AS virtual
         FROM pg_attrdef d JOIN pg_attribute ON attrelid = d.adrelid AND attnum = d.adnum
        WHERE attgenerated <> '' AND NOT attisdropped GROUP BY 1),
     identifying AS (
       SELECT i.*, (i.indkey::int2[])[0:i.indnkeyatts - 1] AS keys, g.columns AS generated,
              indisvalid AND indislive AND indisunique AND indimmediate AND indpred IS NULL AS usable
         FROM pg_index i LEFT JOIN generated g ON g.oid = i.indrelid
        WHERE i.indisprimary OR i.indisreplident OR g.oid IS NOT NULL),
     indexed AS (
       SELECT *, coalesce(keys && generated, false) AS computed,
              CASE WHEN usable AND generated IS NOT NULL AND NOT keys && generated AND 0 <> ALL (keys) THEN
                NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = indrelid AND a.attnum = ANY (keys) AND NOT a.attnotnull)
              ELSE false END AS serves
         FROM identifying)`;

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
