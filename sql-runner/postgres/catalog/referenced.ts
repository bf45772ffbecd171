import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

/** Whether a foreign key of another table references it; one of its own does not keep it from being truncated. */
export async function referencedByOthers(session: Session, table: QualifiedName): Promise<boolean> {
  const [row] = await session.query<{ referenced: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND n.nspname = $1::text AND c.relname = $2::text) AS referenced`,
    [table.schema, table.name],
  );
  return row!.referenced;
}
