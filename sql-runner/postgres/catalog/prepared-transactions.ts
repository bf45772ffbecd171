import type { Session } from '../session';

/** A transaction that PREPARE TRANSACTION left for a later session to commit or roll back. */
export interface InheritedPrepared {
  readonly gid: string;
  /** Transaction id, as text. */
  readonly transaction: string;
  readonly owner: string;
  readonly database: string;
  /** Prepared before this server last started; a clone starts for the first time with what it inherited. */
  readonly beforeStart: boolean;
  /** The login may end it: only its owner and superusers may. */
  readonly mayEnd: boolean;
}

/**
 * Of every database of the cluster. COMMIT and ROLLBACK PREPARED ask for the
 * role that prepared it, or a superuser; the current role counts, so SET ROLE
 * suffices (LockGXact in twophase.c).
 */
export async function endablePrepared(session: Session): Promise<InheritedPrepared[]> {
  // From 16 on membership and the right to SET ROLE are apart.
  const may = session.serverVersionNum < 160000 ? `'MEMBER'` : `'SET'`;
  return session.query<InheritedPrepared>(
    `SELECT gid, transaction::text AS transaction, owner::text AS owner, database::text AS database,
            prepared < pg_postmaster_start_time() AS "beforeStart", pg_has_role(owner, ${may}) AS "mayEnd"
       FROM pg_prepared_xacts ORDER BY database, gid`,
  );
}
