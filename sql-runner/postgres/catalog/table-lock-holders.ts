import type { QualifiedName } from '../text/quoting';
import type { Session } from '../session';

/** Who has a table so that nobody else can even read it. Fields that the login may not see are null. */
export interface TableLockHolder {
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
 * Only ACCESS EXCLUSIVE conflicts with reading; it may be on the table, a
 * partition, or an index of either, as planning opens these too (manual,
 * "Explicit Locking"; REINDEX). Takes no lock itself.
 */
export function tableLockHolders(session: Session, table: QualifiedName): Promise<TableLockHolder[]> {
  return session.query<TableLockHolder>(
    `WITH RECURSIVE tree (oid) AS (
       SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
       UNION
       SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
     ), opened (oid) AS (
       SELECT oid FROM tree UNION ALL
       SELECT i.indexrelid FROM tree JOIN pg_index i ON i.indrelid = tree.oid
     )
     SELECT DISTINCT l.pid, p.gid, coalesce(a.usename::text, p.owner::text) AS "user",
            a.application_name AS "applicationName",
            to_char(coalesce(a.xact_start, p.prepared) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') AS since
       FROM opened JOIN pg_locks l ON l.relation = opened.oid
       LEFT JOIN pg_stat_activity a ON a.pid = l.pid
       LEFT JOIN pg_prepared_xacts p ON l.virtualtransaction = '-1/' || p.transaction::text
      WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY since, l.pid LIMIT 5`,
    [table.schema, table.name],
  );
}
