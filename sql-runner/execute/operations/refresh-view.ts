import { OperatorError } from '../../../errors/operator-error';
import type { RefreshView } from '../../model/views';
import { confirmedFlushLsn } from '../../postgres/catalog/slots';
import type { Session } from '../../postgres/session';
import { compareLsn } from '../../postgres/text/lsn';
import { displayQualified, quoteInteger, quoteLiteral, quoteQualified } from '../../postgres/text/quoting';
import { serverSaid, type ServerError } from '../../postgres/text/server-said';
import { refreshSql } from '../../resources/view-refresh';
import type { Execution } from '../execution';
import { GaveWayToWorker, givingWay } from '../give-way-to-worker';
import { describeWaits, namingWaits, WaitedInVain } from '../lock-wait';

/** Who reads the view waits behind this where it is not CONCURRENTLY, so it is short. */
const LOCK_MS = 1_000;
/** How often one is begun anew that gave way to the replication. */
const TIMES = 3;

/** It is another one by now, or what it reads is old. */
class NotRefreshed extends Error {}

/** Of each run, by database and oid, those that were not refreshed. */
const FAILED = new WeakMap<Execution, Set<string>>();

/**
 * In a transaction and a session of its own, with the settings that users of the database have, but with the search_path
 * that from PostgreSQL 17 on every refresh has: what it calls runs with the rights of its owner.
 */
export async function refreshView(operation: RefreshView, execution: Execution): Promise<void> {
  const { place, oid, after } = operation;
  const failed = FAILED.get(execution) ?? new Set();
  FAILED.set(execution, failed);
  try {
    if (after.some((one) => failed.has(`${place.database} ${one}`)))
      throw new NotRefreshed('one that it reads was not refreshed: its rows would be no newer');
    await refreshed(operation, execution);
  } catch (cause) {
    failed.add(`${place.database} ${oid}`);
    throw notRefreshed(operation, reasonOf(cause));
  }
}

async function refreshed(operation: RefreshView, execution: Execution): Promise<void> {
  for (let time = 1; ; time += 1) {
    // Before its rows are read: what was confirmed until then they hold.
    const holdsUpTo = await confirmedBySlots(operation, execution);
    const asOf = await inItsSession(operation, execution).catch((cause: unknown) => {
      if (!(cause instanceof GaveWayToWorker) || time === TIMES) throw cause;
      return null;
    });
    if (asOf === null) continue;
    const { place, concurrently } = operation;
    const view = displayQualified(operation);
    execution.listener({ type: 'view-refreshed', database: place.database, view, concurrently, holdsUpTo, asOf });
    return;
  }
}

/** Each time another one: what cancelled the one before may come late. */
async function inItsSession(operation: RefreshView, execution: Execution): Promise<string> {
  const { place, statementSeconds } = operation;
  const session = await execution.connections.open(place, false, {
    statementTimeoutMs: statementSeconds * 1_000,
    settings: { search_path: 'pg_catalog, pg_temp' },
    asItsUsers: true,
  });
  const once = () => namingWaits(place, session, execution, () => refreshOnce(session, operation));
  try {
    return await givingWay(place, session, execution, once);
  } finally {
    await session.close();
  }
}

function refreshOnce(session: Session, operation: RefreshView): Promise<string> {
  return session.transaction(async () => {
    const [row] = await session.query<{ oid: number | null; now: string }>(
      `SET LOCAL lock_timeout = ${quoteInteger(LOCK_MS)};
       SELECT to_regclass(${quoteLiteral(quoteQualified(operation))})::oid::int8::float8 AS oid,
              to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS now`,
    );
    if (row!.oid !== operation.oid) throw new NotRefreshed('it has gone, or another one has its name by now');
    await session.query(refreshSql(operation, operation.concurrently));
    return row!.now;
  });
}

/** What each slot has confirmed the clone has applied: of several the least. */
async function confirmedBySlots({ place, slots }: RefreshView, { connections }: Execution): Promise<string | null> {
  try {
    const all = await connections.use({ side: 'source', database: place.database }, (session) =>
      Promise.all(slots.map((slot) => confirmedFlushLsn(session, slot))),
    );
    if (all.length === 0 || all.includes(null)) return null;
    return (all as string[]).reduce((least, one) => (compareLsn(one, least) < 0 ? one : least));
  } catch {
    // It is said that it is not known; the refresh needs nothing of the source.
    return null;
  }
}

/** The server does not find a relation, a function or a type. */
const NOT_FOUND = ['42P01', '42883', '42704', '3F000'];

function reasonOf(cause: unknown): string {
  if (cause instanceof NotRefreshed) return cause.message;
  if (cause instanceof GaveWayToWorker)
    return `it gave way to the replication ${TIMES} times, which had to wait for a lock that it holds`;
  if (cause instanceof WaitedInVain)
    return `it waited ${LOCK_MS / 1000} s in vain for ${cause.waits.length === 0 ? 'a lock' : describeWaits(cause.waits)}`;
  // The session is gone, or the operator asked to stop.
  const { code } = cause as ServerError;
  if (cause instanceof OperatorError || typeof code !== 'string') throw cause;
  const path = NOT_FOUND.includes(code)
    ? '; a refresh runs with the search_path pg_catalog, pg_temp: functions that it calls have to name schemas, or set a search_path of their own'
    : '';
  return `${serverSaid(cause as ServerError)}${path}`;
}

function notRefreshed(operation: RefreshView, reason: string): OperatorError {
  return new OperatorError({
    code: 'VIEWS_NOT_REFRESHED',
    seen: `in database ${operation.place.database} of the clone materialized view ${displayQualified(operation)} was not refreshed: ${reason}`,
    why: 'it keeps the rows that it had; the others are refreshed, but for those that read it',
    next: 'remove the cause and run the same command again',
  });
}
