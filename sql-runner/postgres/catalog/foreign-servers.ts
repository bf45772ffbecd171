import type { Session } from '../session';

export interface ForeignServer {
  readonly name: string;
  readonly userMappings: number;
}

/** Of the current database. Their options are never read: they hold addresses and passwords. */
export async function foreignServers(session: Session): Promise<ForeignServer[]> {
  return session.query<ForeignServer>(
    `SELECT s.srvname::text AS name,
            (SELECT count(*)::int FROM pg_user_mappings m WHERE m.srvid = s.oid) AS "userMappings"
       FROM pg_foreign_server s ORDER BY 1`,
  );
}
