import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';
import { attachedSql } from './partition-roots';

/** Where tables of these names stand in the tree of a partitioned one. */
export interface PartitionPlace extends QualifiedName {
  /** Null: it is no partition. */
  readonly parent: QualifiedName | null;
  /** `FOR VALUES IN (1)`; null: it is no partition. */
  readonly bound: string | null;
  /** Of a partitioned table: by what its rows are told apart; null: it is not partitioned. */
  readonly key: string | null;
  /** It has a default partition. */
  readonly hasDefault: boolean;
}

/**
 * Opens no table, and so waits for nobody: the bound is written without its relation, and the key as the catalog has it,
 * of which the oids are the same on a clone.
 */
export async function partitionPlaces(session: Session, names: readonly QualifiedName[]): Promise<PartitionPlace[]> {
  if (names.length === 0) return [];
  return session.query<PartitionPlace>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name,
            CASE WHEN p.oid IS NOT NULL THEN jsonb_build_object('schema', pn.nspname, 'name', p.relname) END AS parent,
            CASE WHEN p.oid IS NOT NULL THEN pg_get_expr(c.relpartbound, 0) END AS bound,
            CASE WHEN t.partrelid IS NOT NULL THEN ROW(t.partstrat, t.partclass, t.partcollation,
              regexp_replace(t.partexprs::text, ':location -?[0-9]+', '', 'g'),
              ARRAY(SELECT a.attname FROM unnest(t.partattrs::int2[]) WITH ORDINALITY k (attnum, place)
                      LEFT JOIN pg_attribute a ON a.attrelid = t.partrelid AND a.attnum = k.attnum AND k.attnum > 0 ORDER BY k.place))::text END AS key,
            coalesce(t.partdefid <> 0, false) AS "hasDefault"
       FROM jsonb_to_recordset($1::jsonb) w (schema text, name text)
       JOIN pg_namespace n ON n.nspname = w.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
       LEFT JOIN pg_partitioned_table t ON t.partrelid = c.oid
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition AND ${attachedSql(session)}
       LEFT JOIN pg_class p ON p.oid = i.inhparent
       LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace`,
    [JSON.stringify(names.map(({ schema, name }) => ({ schema, name })))],
  );
}
