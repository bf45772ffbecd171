import type { Session } from '../session';

/** The name that the apply worker of a subscription gives its origin (ReplicationOriginNameForLogicalRep). */
export const originName = (subscriptionOid: number): string => `pg_${subscriptionOid}`;

/** What is known of one origin. */
export interface OriginState {
  /** Position up to which it has been replayed; null while there is none. */
  readonly progress: string | null;
  /**
   * What no other origin has: its name, with the oid of its subscription, and the transaction that made it; freezing
   * leaves xmin in place.
   */
  readonly made: string;
}

/** null: there is no such origin. Needs EXECUTE on pg_replication_origin_progress, which rds_superuser has. */
export async function originState(session: Session, name: string): Promise<OriginState | null> {
  const [row] = await session.query<OriginState>(
    `SELECT pg_replication_origin_progress(o.roname, false)::text AS progress, o.roname || ' ' || o.xmin AS made
       FROM pg_replication_origin o WHERE o.roname = $1`,
    [name],
  );
  return row ?? null;
}

export interface ReplicationOrigin {
  readonly id: number;
  readonly name: string;
}

/** Of the cluster, by name: they are not bound to a database. */
export async function replicationOrigins(session: Session): Promise<ReplicationOrigin[]> {
  return session.query<ReplicationOrigin>(
    `SELECT roident::int8::float8 AS id, roname AS name FROM pg_replication_origin ORDER BY 2`,
  );
}
