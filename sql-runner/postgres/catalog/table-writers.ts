import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

/** A transaction that may have written to a table and has not ended. */
export interface TableWriter {
  /** `pg_locks.virtualtransaction`: no other transaction has it before the server starts again. */
  readonly transaction: string;
  readonly schema: string;
  readonly name: string;
  /** null for a prepared transaction. */
  readonly pid: number | null;
  /** The prepared transaction's name. */
  readonly gid: string | null;
  readonly user: string | null;
  readonly applicationName: string | null;
  /** When its transaction began, `YYYY-MM-DD HH:MM:SS UTC`. */
  readonly since: string | null;
}

/**
 * Whoever inserts, updates, deletes or truncates keeps such a lock until its changes are seen by others: a transaction
 * gives up its locks after it has left the list of those that run (CommitTransaction in xact.c, FinishPreparedTransaction
 * in twophase.c). Partitions count as their table. Takes no lock itself.
 */
export function tableWriters(session: Session, tables: readonly QualifiedName[]): Promise<TableWriter[]> {
  return session.query<TableWriter>(
    `WITH RECURSIVE tree (root, oid) AS (
       SELECT c.oid, c.oid FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
         JOIN pg_namespace n ON n.nspname = wanted.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
       UNION
       SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
     )
     SELECT DISTINCT l.virtualtransaction AS transaction, n.nspname::text AS schema, c.relname::text AS name, l.pid, p.gid,
            coalesce(a.usename::text, p.owner::text) AS "user", a.application_name AS "applicationName",
            to_char(coalesce(a.xact_start, p.prepared) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') AS since
       FROM tree JOIN pg_locks l ON l.relation = tree.oid
       JOIN pg_class c ON c.oid = tree.root JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_activity a ON a.pid = l.pid
       LEFT JOIN pg_prepared_xacts p ON l.virtualtransaction = '-1/' || p.transaction::text
      WHERE l.locktype = 'relation' AND l.granted AND l.mode IN ('RowExclusiveLock', 'AccessExclusiveLock')
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.pid IS DISTINCT FROM pg_backend_pid()
      ORDER BY since, l.pid`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
}
