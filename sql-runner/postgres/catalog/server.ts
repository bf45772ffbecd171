import type { Session } from '../session';

/** The server's settings and positions that plans and checks rest on. */
export interface ServerFacts {
  readonly versionNum: number;
  readonly version: string;
  readonly walLevel: string;
  /** Moves all the time; null on a replica. */
  readonly flushLsn: string | null;
  readonly maxReplicationSlots: number;
  readonly maxWalSenders: number;
  readonly maxLogicalReplicationWorkers: number;
  readonly maxSyncWorkersPerSubscription: number;
  readonly maxWorkerProcesses: number;
  readonly maxParallelWorkers: number;
  readonly autovacuumMaxWorkers: number;
  /** From 18; before, max_replication_slots limits origins too. */
  readonly maxActiveReplicationOrigins: number | null;
  /** Megabytes; -1 is unlimited. */
  readonly maxSlotWalKeepSize: number;
  /** From 18: how long a slot may be without a reader until it is invalidated, as SHOW gives it; `0` is for ever. */
  readonly idleSlotTimeout: string | null;
  /** Of an apply worker that hears nothing; 0 is for ever. */
  readonly walReceiverTimeoutMs: number;
  readonly maxPreparedTransactions: number;
  readonly maxLocksPerTransaction: number;
  /** Processes and prepared transactions that this is given to: there is room for so many times as many locks. */
  readonly lockers: number;
}

export async function serverFacts(session: Session): Promise<ServerFacts> {
  const [row] = await session.query<ServerFacts>(
    `SELECT current_setting('server_version_num')::int AS "versionNum",
            current_setting('server_version') AS "version",
            current_setting('wal_level') AS "walLevel",
            CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END::text AS "flushLsn",
            current_setting('max_replication_slots')::int AS "maxReplicationSlots",
            current_setting('max_wal_senders')::int AS "maxWalSenders",
            current_setting('max_logical_replication_workers')::int AS "maxLogicalReplicationWorkers",
            current_setting('max_sync_workers_per_subscription')::int AS "maxSyncWorkersPerSubscription",
            current_setting('max_worker_processes')::int AS "maxWorkerProcesses",
            current_setting('max_parallel_workers')::int AS "maxParallelWorkers",
            current_setting('autovacuum_max_workers')::int AS "autovacuumMaxWorkers",
            current_setting('max_active_replication_origins', true)::int AS "maxActiveReplicationOrigins",
            (SELECT setting::int FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS "maxSlotWalKeepSize",
            current_setting('idle_replication_slot_timeout', true) AS "idleSlotTimeout",
            (SELECT setting::int FROM pg_settings WHERE name = 'wal_receiver_timeout') AS "walReceiverTimeoutMs",
            current_setting('max_prepared_transactions')::int AS "maxPreparedTransactions",
            current_setting('max_locks_per_transaction')::int AS "maxLocksPerTransaction",
            (SELECT sum(current_setting(name)::int)::int + 1
               FROM unnest('{max_connections,autovacuum_max_workers,max_worker_processes,max_wal_senders,max_prepared_transactions}'::text[]) AS name) AS lockers`,
  );
  return row!;
}

/** Position up to which the WAL is on disk; on a writer only. */
export async function currentFlushLsn(session: Session): Promise<string> {
  const [row] = await session.query<{ lsn: string }>(`SELECT pg_current_wal_flush_lsn()::text AS lsn`);
  return row!.lsn;
}

/**
 * Databases that take connections, templates left out, by name.
 * @param wanted those that are listed although they take none: whoever opens one is told so
 */
export async function databaseNames(session: Session, wanted: readonly string[] = []): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
      WHERE (datallowconn OR datname = ANY ($1::text[])) AND NOT datistemplate ORDER BY 1`,
    [wanted],
  );
  return rows.map((row) => row.name);
}

/** Its own clock, ISO 8601. */
export async function clockOf(session: Session): Promise<string> {
  const [row] = await session.query<{ now: string }>(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`,
  );
  return row!.now;
}
