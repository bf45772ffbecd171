import type { Session } from '../session';

export interface DatabaseOid {
  /** A clone has the databases of its source, by the same oids, whatever their names are by now. */
  readonly oid: number;
  readonly name: string;
}

export async function databaseOids(session: Session): Promise<DatabaseOid[]> {
  return session.query<DatabaseOid>(
    `SELECT oid::int8::float8 AS oid, datname::text AS name FROM pg_database
      WHERE datallowconn AND NOT datistemplate ORDER BY 2`,
  );
}
