import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

/** Names of the columns that take a value; a generated column refuses one. */
export async function storedColumns(session: Session, table: QualifiedName): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT a.attname::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1::text AND c.relname = $2::text AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      ORDER BY a.attnum`,
    [table.schema, table.name],
  );
  return rows.map(({ name }) => name);
}
