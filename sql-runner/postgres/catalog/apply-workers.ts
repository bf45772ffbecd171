import { displayedSql, type QualifiedName } from '../text/quoting';
import type { Session } from '../session';

/** Who keeps an apply worker waiting. */
export interface LockHolder {
  readonly pid: number;
  /** null: a prepared transaction, which has no session. */
  readonly user: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Start of its transaction, ISO 8601. */
  readonly since: string | null;
  /** Seconds since then. */
  readonly ageSeconds: number | null;
  /** Its current or last statement, as it was sent; null: the login may not see it. */
  readonly statement: string | null;
}

/** The apply worker of a subscription: those of parallel apply and of first copies are left out. */
export interface ApplyWorker {
  readonly database: string;
  readonly subscription: string;
  readonly enabled: boolean;
  /** That it reads, or would; null: NONE. */
  readonly slot: string | null;
  /** null: none runs. */
  readonly pid: number | null;
  /** When its process began, ISO 8601 to the microsecond: after each error it is another one. */
  readonly startedAt: string | null;
  readonly receivedLsn: string | null;
  /** Seconds since the last message came in; null: none yet. */
  readonly silentSeconds: number | null;
  /** When that was, to the microsecond. */
  readonly lastMessage: string | null;
  /** Of pg_stat_activity; null: it is at work, or the login may not see it. */
  readonly waitEvent: string | null;
  /** Errors of applying since the statistics were reset; null before 15. */
  readonly applyErrors: number | null;
  /** Conflicts of each kind that were counted (`insert_exists`, `update_missing`, …), where there were any; before 18 none are. */
  readonly conflicts: Readonly<Record<string, number>>;
  /** It waits for a lock of this table or of one of its rows, by oid; null: it does not, or nothing names the table. */
  readonly waitsForRelation: number | null;
  readonly holders: readonly LockHolder[];
}

/**
 * Of all databases of the cluster, from one session. The views show names, so
 * a subscription is known by its name and that of its database.
 */
export async function applyWorkers(session: Session): Promise<ApplyWorker[]> {
  // As JSON, a column that this major does not have is simply absent: leader_pid came with 16, apply_error_count with 15.
  const errors =
    session.serverVersionNum < 150_000
      ? 'NULL::float8'
      : `(SELECT (to_jsonb(e) ->> 'apply_error_count')::float8 FROM pg_stat_subscription_stats e WHERE e.subid = s.oid)`;
  const conflicts =
    session.serverVersionNum < 150_000
      ? `'{}'::jsonb`
      : `coalesce((SELECT jsonb_object_agg(substr(c.key, 6), c.value) FROM pg_stat_subscription_stats e, jsonb_each(to_jsonb(e)) c
                    WHERE e.subid = s.oid AND c.key LIKE 'confl\\_%' AND c.value <> '0'), '{}')`;
  return session.query<ApplyWorker>(
    `SELECT DISTINCT ON (1, 2)
            d.datname::text AS database, s.subname::text AS subscription, s.subenabled AS enabled, s.subslotname::text AS slot, w.pid,
            ${isoTime('a.backend_start')} AS "startedAt", w.received_lsn::text AS "receivedLsn",
            extract(epoch FROM clock_timestamp() - w.last_msg_receipt_time)::float8 AS "silentSeconds",
            ${isoTime('w.last_msg_receipt_time')} AS "lastMessage",
            a.wait_event AS "waitEvent", ${errors} AS "applyErrors", ${conflicts} AS conflicts,
            CASE WHEN a.wait_event_type = 'Lock' THEN
              (SELECT max(l.relation::int8)::float8 FROM pg_locks l
                WHERE l.pid = w.pid AND l.relation IS NOT NULL AND (NOT l.granted OR l.locktype = 'tuple'))
            END AS "waitsForRelation",
            coalesce((SELECT jsonb_agg(jsonb_build_object('pid', h.pid, 'user', b.usename, 'application', b.application_name,
                                         'state', b.state, 'since', ${isoTime('b.xact_start')},
                                         'ageSeconds', extract(epoch FROM clock_timestamp() - b.xact_start)::float8,
                                         'statement', ${shownQuery('b')}) ORDER BY h.pid)
                        FROM unnest(CASE WHEN a.wait_event_type = 'Lock' THEN pg_blocking_pids(w.pid) END) h (pid)
                        LEFT JOIN pg_stat_activity b ON b.pid = h.pid), '[]') AS holders
       FROM pg_subscription s
       JOIN pg_database d ON d.oid = s.subdbid
       LEFT JOIN (pg_stat_subscription w LEFT JOIN pg_stat_activity a ON a.pid = w.pid)
              ON w.subname = s.subname AND (w.pid IS NULL OR a.datid = s.subdbid)
                 AND w.relid IS NULL AND to_jsonb(w) ->> 'leader_pid' IS NULL
      ORDER BY 1, 2, w.pid NULLS LAST`,
  );
}

function isoTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Of who may not be looked at, the view has `<insufficient privilege>` instead. */
function shownQuery(alias: 'b'): string {
  return `CASE WHEN ${alias}.query NOT LIKE '<%>' THEN left(${alias}.query, 500) END`;
}

/** A subscription of the clone, of any database. */
export interface KnownSubscription {
  readonly oid: number;
  readonly name: string;
  readonly database: string;
  readonly slot: string | null;
  readonly enabled: boolean;
  /** When this was read, ISO 8601, by the clock of the server. */
  readonly readAt: string;
}

export async function knownSubscriptions(session: Session): Promise<KnownSubscription[]> {
  return session.query<KnownSubscription>(
    `SELECT s.oid::int8::float8 AS oid, s.subname::text AS name, d.datname::text AS database, s.subslotname::text AS slot,
            s.subenabled AS enabled, ${isoTime('clock_timestamp()')} AS "readAt"
       FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid ORDER BY 1`,
  );
}

/**
 * Whether the constraint is the table's primary key, and a row that is deleted goes alone: no foreign key takes others
 * along, which may be of production, and no trigger or rule does anything.
 */
export async function isDeletableByKey(session: Session, table: QualifiedName, constraint: string): Promise<boolean> {
  const rows = await session.query(
    `SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1::text AND c.relname = $2::text AND x.relname = $3::text AND i.indisprimary
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.confrelid = c.oid AND k.confdeltype IN ('c', 'n', 'd'))
        AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 8 > 0)
        AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '4')`,
    [table.schema, table.name, constraint],
  );
  return rows.length > 0;
}

/** `schema.name` in the current database, without a lock; null when it is gone. */
export async function relationName(session: Session, oid: number): Promise<string | null> {
  const [row] = await session.query<{ name: string }>(
    `SELECT ${displayedSql()} AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = $1::oid`,
    [oid],
  );
  return row?.name ?? null;
}

export interface WorkerTimeouts {
  /** wal_receiver_timeout in milliseconds: how long a worker hears nothing until it gives up; 0: for ever. */
  readonly receiverMs: number;
  /** wal_receiver_status_interval in milliseconds; 0: it answers only when asked. */
  readonly statusMs: number;
  /** wal_retrieve_retry_interval in milliseconds: a worker that ended is started again after it. */
  readonly retryMs: number;
  /** max_logical_replication_workers; absent: not known. */
  readonly workers?: number;
}

export async function workerTimeouts(session: Session): Promise<WorkerTimeouts> {
  const [row] = await session.query<WorkerTimeouts>(
    `SELECT max(setting::float8) FILTER (WHERE name = 'wal_receiver_timeout') AS "receiverMs",
            1000 * max(setting::float8) FILTER (WHERE name = 'wal_receiver_status_interval') AS "statusMs",
            max(setting::float8) FILTER (WHERE name = 'wal_retrieve_retry_interval') AS "retryMs",
            max(setting::float8) FILTER (WHERE name = 'max_logical_replication_workers') AS workers
       FROM pg_settings
      WHERE name IN ('wal_receiver_timeout', 'wal_receiver_status_interval', 'wal_retrieve_retry_interval',
                     'max_logical_replication_workers')`,
  );
  return row!;
}
