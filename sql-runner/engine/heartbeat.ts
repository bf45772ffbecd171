import { OperatorError } from '../../environments/operator-error';
import { beatsOf, heartbeats } from '../postgres/catalog/heartbeats';
import { originName, originProgress } from '../postgres/catalog/origins';
import { subscriptions } from '../postgres/catalog/subscriptions';
import { quoteQualified } from '../postgres/quoting';
import type { Session } from '../postgres/session';
import { historyDiffers } from '../resources/continuity';
import { heartbeatTable } from '../resources/heartbeat';
import { contradiction } from '../resources/history';
import { ownMark } from '../resources/mark';
import type { Side, StreamOf } from './change';
import type { Connections } from './connections';
import type { Execution } from './execution';

/** Enough to prove a long history; every plan reads all of them. */
const KEPT = 100;

/** A beat on its way to the clone. */
export interface SentBeat {
  readonly of: StreamOf;
  readonly id: string;
}

/** One beat for each stream that has a heartbeat on both sides. */
export async function sendBeats(execution: Execution, streams: readonly StreamOf[]): Promise<SentBeat[]> {
  const sent: SentBeat[] = [];
  for (const of of streams) {
    const { connections } = execution;
    if (!(await isThere(connections, 'source', of)) || !(await isThere(connections, 'target', of))) continue;
    const session = await execution.writer({ side: 'source', database: of.database });
    sent.push({ of, id: await writeBeat(session, of) });
  }
  return sent;
}

async function isThere(connections: Connections, side: Side, of: StreamOf): Promise<boolean> {
  const session = await connections.reader({ side, database: of.database });
  const [found] = await heartbeats(session, [heartbeatTable(of).schema]);
  return ownMark(found?.comment ?? null, 'heartbeat', connections.contracts.source.environment) !== null;
}

/**
 * On a session that holds the environment's lock: one beat, and then the
 * position behind its commit. Whoever has applied anything from there on must
 * have applied the beat.
 */
async function writeBeat(session: Session, of: StreamOf): Promise<string> {
  const table = quoteQualified(heartbeatTable(of));
  const id = await session.transaction(async () => {
    const [row] = await session.query<{ id: string; number: string }>(
      `INSERT INTO ${table} (id, previous, number, at, lsn)
       SELECT gen_random_uuid(), last.id, coalesce(last.number, 0) + 1, clock_timestamp(), pg_current_wal_insert_lsn()
         FROM (VALUES (1)) one LEFT JOIN (SELECT id, number FROM ${table} ORDER BY number DESC LIMIT 1) last ON true
       RETURNING id::text, number::text`,
    );
    await session.query(`DELETE FROM ${table} WHERE number <= $1::bigint - $2::bigint`, [row!.number, KEPT]);
    return row!.id;
  });
  await session.query(`UPDATE ${table} SET passed = pg_current_wal_insert_lsn() WHERE id = $1::uuid`, [id]);
  return id;
}

/**
 * Whether every beat has arrived, with all that went before it.
 * @throws OperatorError HISTORY_DIFFERS when the two sides contradict each other
 */
export async function haveArrived(connections: Connections, beats: readonly SentBeat[]): Promise<boolean> {
  const arrived = await Promise.all(beats.map((beat) => hasArrived(connections, beat)));
  return arrived.every(Boolean);
}

/** In the order that resources/history.ts asks for. */
async function hasArrived(connections: Connections, { of, id }: SentBeat): Promise<boolean> {
  const { schema } = heartbeatTable(of);
  const clone = await connections.reader({ side: 'target', database: of.database });
  const subscription = (await subscriptions(clone)).find(({ name }) => name === of.stream.subscription);
  const origin = subscription === undefined ? null : await originProgress(clone, originName(subscription.oid));
  const there = await beatsOf(clone, schema);
  const here = await beatsOf(await connections.reader({ side: 'source', database: of.database }), schema);
  const found = contradiction(here, there, origin ?? '0/0');
  if (found !== null) throw new OperatorError(historyDiffers(connections.contracts.source, of, found));
  return there.some((beat) => beat.id === id);
}
