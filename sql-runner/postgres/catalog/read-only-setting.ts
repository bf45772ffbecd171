import type { Session } from '../session';

/** Databases whose new sessions ALTER DATABASE makes read-only, whoever opens them. */
export async function readOnlyByDefault(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT d.datname::text AS name
       FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS entry
      WHERE s.setrole = 0
        AND lower(entry) = ANY ('{default_transaction_read_only=on,default_transaction_read_only=true,default_transaction_read_only=yes,default_transaction_read_only=1}')
      ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}
