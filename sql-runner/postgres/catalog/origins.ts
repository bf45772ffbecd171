import type { Session } from '../session';

/** The name that the apply worker of a subscription gives its origin (ReplicationOriginNameForLogicalRep). */
export const originName = (subscriptionOid: number): string => `pg_${subscriptionOid}`;

/**
 * Position up to which the origin has been replayed; null when the origin does
 * not exist and when it has no progress. Needs EXECUTE on
 * pg_replication_origin_progress, which rds_superuser has.
 */
export async function originProgress(session: Session, name: string): Promise<string | null> {
  const [row] = await session.query<{ lsn: string | null }>(
    `SELECT pg_replication_origin_progress(roname, false)::text AS lsn FROM pg_replication_origin WHERE roname = $1`,
    [name],
  );
  return row?.lsn ?? null;
}

/**
 * What no other origin has: its name, with the oid of its subscription, and the transaction that made it; freezing
 * leaves xmin in place. null: there is no such origin.
 */
export async function originIdentity(session: Session, name: string): Promise<string | null> {
  const [row] = await session.query<{ made: string | null }>(
    `SELECT o.roname || ' ' || o.xmin AS made FROM pg_replication_origin o WHERE o.roname = $1`,
    [name],
  );
  return row?.made ?? null;
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
