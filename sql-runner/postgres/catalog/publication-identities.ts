import { publicationCommentSql } from './comments';
import type { Session } from '../session';

/** A publication of the current database, by what tells a copy from one that was made later. */
export interface PublicationIdentity {
  /** A clone keeps the oids of the source. */
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly comment: string | null;
  readonly allTables: boolean;
  /** It publishes UPDATE or DELETE, and the server refuses them on its tables that have no replica identity. */
  readonly needsIdentity: boolean;
  /** The login owns it, or has the privileges of its owner. */
  readonly mayDrop: boolean;
}

export async function publicationIdentities(session: Session): Promise<PublicationIdentity[]> {
  return session.query<PublicationIdentity>(
    `SELECT p.oid::int8::float8 AS oid, p.pubname::text AS name, pg_get_userbyid(p.pubowner)::text AS owner,
            ${publicationCommentSql()} AS comment, p.puballtables AS "allTables",
            p.pubupdate OR p.pubdelete AS "needsIdentity", pg_has_role(p.pubowner, 'USAGE') AS "mayDrop"
       FROM pg_publication p ORDER BY 2`,
  );
}
