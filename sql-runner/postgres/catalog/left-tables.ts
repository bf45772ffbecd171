import type { Session } from '../session';

/** A table that its stream follows no more, as the clone has it. */
export interface LeftHere {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly partitioned: boolean;
  /** A foreign key of another table references it, so that it cannot be truncated alone. */
  readonly referenced: boolean;
}

/** Those of these names that are tables. */
export async function leftHere(
  session: Session,
  names: readonly { schema: string; name: string }[],
): Promise<LeftHere[]> {
  return session.query<LeftHere>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, c.oid::int8::float8 AS oid, c.relkind = 'p' AS partitioned,
            EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = c.oid AND k.conrelid <> c.oid) AS referenced
       FROM jsonb_to_recordset($1::jsonb) w (schema text, name text)
       JOIN pg_namespace n ON n.nspname = w.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
      ORDER BY 1, 2`,
    [JSON.stringify(names.map(({ schema, name }) => ({ schema, name })))],
  );
}
