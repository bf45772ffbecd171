import type { Session } from '../session';

export interface PreparedTransaction {
  readonly gid: string;
  readonly owner: string;
  readonly database: string;
  /** Seconds since PREPARE TRANSACTION. */
  readonly ageSeconds: number;
}

/** Of every database of the cluster, oldest first. */
export async function preparedTransactions(session: Session): Promise<PreparedTransaction[]> {
  return session.query<PreparedTransaction>(
    `SELECT gid, owner::text AS owner, database::text AS database,
            extract(epoch FROM clock_timestamp() - prepared)::float8 AS "ageSeconds"
       FROM pg_prepared_xacts ORDER BY prepared, gid`,
  );
}

/**
 * A transaction that has written and is still open. Creating a logical slot
 * waits for every one of them, in whichever database it runs
 * (SnapBuildFindSnapshot in snapbuild.c waits on their transaction ids).
 */
export interface OpenWriteTransaction {
  readonly pid: number;
  readonly user: string | null;
  readonly database: string | null;
  readonly applicationName: string | null;
  readonly state: string | null;
  /** Seconds since BEGIN; null where the role may not see it. */
  readonly ageSeconds: number | null;
  /** Start of its current or last statement, ISO 8601. */
  readonly queryStart: string | null;
  /** That statement as it was sent: it can hold secrets, so only shortQuery of it is told. null: the role may not see it. */
  readonly statement: string | null;
}

/** Oldest first. */
export async function openWriteTransactions(session: Session): Promise<OpenWriteTransaction[]> {
  return session.query<OpenWriteTransaction>(
    `SELECT pid, usename::text AS "user", datname::text AS database, application_name AS "applicationName", state,
            extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "ageSeconds",
            to_char(query_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "queryStart",
            CASE WHEN query NOT LIKE '<%>' THEN left(query, 500) END AS statement
       FROM pg_stat_activity
      WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
      ORDER BY xact_start NULLS LAST, pid`,
  );
}

/** A session, known by its process and the moment it began: no two servers have one alike. */
export interface SessionIdentity {
  readonly pid: number;
  /** To the microsecond. */
  readonly since: string;
}

export async function sessionIdentity(session: Session): Promise<SessionIdentity> {
  const [row] = await session.query<SessionIdentity>(
    `SELECT pid, extract(epoch FROM backend_start)::text AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  );
  return row!;
}

export async function hasSession(session: Session, { pid, since }: SessionIdentity): Promise<boolean> {
  const rows = await session.query(
    `SELECT FROM pg_stat_activity WHERE pid = $1::int AND extract(epoch FROM backend_start)::text = $2`,
    [pid, since],
  );
  return rows.length > 0;
}

/** Sessions of people and programs in the current database, but for those that carry one of these names. */
export async function clientSessions(session: Session, exceptNamed: string): Promise<number> {
  const [row] = await session.query<{ sessions: number }>(
    `SELECT count(*)::float8 AS sessions FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND application_name NOT LIKE $1 || '%'`,
    [exceptNamed],
  );
  return row!.sessions;
}

/** Processes of the sessions that call themselves so: those of the own login, others' names may be hidden. */
export async function backendsNamed(session: Session, name: string): Promise<readonly number[]> {
  const rows = await session.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [
    name,
  ]);
  return rows.map(({ pid }) => pid);
}

/** Ends sessions of the own login; those that are gone already are none. */
export async function endSessions(session: Session, pids: readonly number[]): Promise<void> {
  await session.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
}
