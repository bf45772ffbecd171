import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

export interface TableSize extends QualifiedName {
  /** Bytes with indexes and TOAST, as of the last VACUUM or ANALYZE. */
  readonly bytes: number;
}

/**
 * Of these tables those that somebody has vacuumed or analyzed. What the server counts itself (pg_total_relation_size) would
 * open each table, and wait behind whoever has locked it.
 */
export async function tableSizes(session: Session, tables: readonly QualifiedName[]): Promise<TableSize[]> {
  return session.query<TableSize>(
    `SELECT w.schema, w.name,
            current_setting('block_size')::float8 * (c.relpages + coalesce(t.relpages, 0)
              + coalesce((SELECT sum(i.relpages) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                           WHERE x.indrelid IN (c.oid, t.oid)), 0))::float8 AS bytes
       FROM jsonb_to_recordset($1::jsonb) w (schema text, name text)
       JOIN pg_namespace n ON n.nspname = w.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind = 'r' AND c.relpages > 0
       LEFT JOIN pg_class t ON t.oid = c.reltoastrelid`,
    [JSON.stringify(tables.map(({ schema, name }) => ({ schema, name })))],
  );
}
