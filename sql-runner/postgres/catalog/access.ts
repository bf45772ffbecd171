import type { Session } from '../session';

/** Schemas with tables of users whose names the session's user may not look up. */
export async function unusableSchemas(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT n.nspname::text AS name FROM pg_namespace n
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT has_schema_privilege(n.oid, 'USAGE')
        AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p'))
      ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

/** A table that the session's user cannot read as a whole. */
export interface UnreadableTable {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** It lacks SELECT. Otherwise policies would hide rows from it, which our sessions turn into an error. */
  readonly selectMissing: boolean;
  /** The user has the rights of the owner; policies hold for it because they are forced. */
  readonly forced: boolean;
}

/** Partitions are read through their root. */
export async function unreadableTables(session: Session): Promise<UnreadableTable[]> {
  return session.query<UnreadableTable>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner,
            NOT has_table_privilege(c.oid, 'SELECT') AS "selectMissing",
            c.relforcerowsecurity AND pg_has_role(c.relowner, 'USAGE') AS forced
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (NOT has_table_privilege(c.oid, 'SELECT') OR row_security_active(c.oid))
      ORDER BY 1, 2`,
  );
}
