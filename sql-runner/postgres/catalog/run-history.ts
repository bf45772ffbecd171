import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

export interface RunHistory {
  /** The mark of the schema, if it is ours. */
  readonly comment: string | null;
  /** The table is in it, and the login may read it. */
  readonly historyReadable: boolean;
}

/** null: there is no schema of that name. */
export async function runHistory(session: Session, { schema, name }: QualifiedName): Promise<RunHistory | null> {
  const [found] = await session.query<RunHistory>(
    `SELECT obj_description(n.oid, 'pg_namespace') AS comment,
            c.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS "historyReadable"
       FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2 AND c.relkind = 'r'
      WHERE n.nspname = $1`,
    [schema, name],
  );
  return found ?? null;
}

/** Those of the names that sessions of the server have. */
export async function sessionsNamed(session: Session, names: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE application_name = ANY ($1)`,
    [names],
  );
  return rows.map(({ name }) => name);
}
