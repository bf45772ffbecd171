import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

export interface TableSize extends QualifiedName {
  /** Bytes with indexes and TOAST. */
  readonly bytes: number;
}

/** Of these tables those that there are. Each is opened for a moment, and waits where somebody has locked it. */
export async function tableSizes(session: Session, tables: readonly QualifiedName[]): Promise<TableSize[]> {
  return session.query<TableSize>(
    `SELECT w.schema, w.name, pg_total_relation_size(c.oid)::float8 AS bytes
       FROM jsonb_to_recordset($1::jsonb) w (schema text, name text)
       JOIN pg_namespace n ON n.nspname = w.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')`,
    [JSON.stringify(tables.map(({ schema, name }) => ({ schema, name })))],
  );
}
