import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

/** The tables that have a constraint or a unique index of the name. A message tells that name alone. */
export async function tablesOfConstraint(session: Session, name: string): Promise<QualifiedName[]> {
  return session.query<QualifiedName>(
    `SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name
       FROM (SELECT i.indrelid AS oid FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE x.relname = $1::text
             UNION SELECT k.conrelid FROM pg_constraint k WHERE k.conname = $1::text) t
       JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 2`,
    [name],
  );
}
