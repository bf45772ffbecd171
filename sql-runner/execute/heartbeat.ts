import { OperatorError } from '../../errors/operator-error';
import { beatsOf, heartbeats } from '../postgres/catalog/heartbeats';
import { originName, originState } from '../postgres/catalog/origins';
import { subscriptions } from '../postgres/catalog/subscriptions';
import { quoteQualified } from '../postgres/text/quoting';
import type { Session } from '../postgres/session';
import { historySpeaks } from '../resources/both-histories';
import { heartbeatTable } from '../resources/heartbeat';
import { contradiction } from '../resources/history';
import { addBeat, beatKey } from './add-beat';
import { ownMark } from '../model/mark';
import { serverSaid, type ServerError } from '../postgres/text/server-said';
import type { Place } from '../model/address';
import { lockTimeout } from './change-errors';
import type { Connections } from '../connections/connections';
import type { Execution } from './execution';
import { namingWaits, WaitedInVain } from './lock-wait';
import type { StreamOf } from '../model/streams';
import type { Side } from '../../contract/contract';

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
    sent.push({ of, id: await sendBeat(execution, of) });
  }
  return sent;
}

async function sendBeat(execution: Execution, of: StreamOf): Promise<string> {
  const place: Place = { side: 'source', database: of.database };
  const session = await execution.writer(place);
  try {
    return await namingWaits(place, session, execution, () => writeBeat(session, of));
  } catch (cause) {
    if (cause instanceof WaitedInVain) throw lockTimeout(`a beat of ${heartbeatTable(of).schema}`, cause);
    throw beatFailed(execution.connections, place, of, cause);
  }
}

/** Somebody altered it after the plan, which names what is not as it was made. */
function beatFailed({ contracts }: Connections, { side, database }: Place, of: StreamOf, cause: unknown): unknown {
  if (cause instanceof OperatorError) return cause;
  return new OperatorError({
    code: 'BEAT_FAILED',
    seen: `the heartbeat ${heartbeatTable(of).schema} in database ${database} on the ${side === 'source' ? 'source' : 'clone'} cannot be used: ${serverSaid(cause as ServerError)}`,
    why: 'without a beat that arrives it is not proven that nothing was skipped, so "in sync" is not said',
    next: `sql-runner plan ${contracts.source.environment} names what of it was altered, and how it is put right`,
    cause,
  });
}

async function isThere(connections: Connections, side: Side, of: StreamOf): Promise<boolean> {
  const { schema } = heartbeatTable(of);
  const [found] = await connections.use({ side, database: of.database }, (session) => heartbeats(session, [schema]));
  return ownMark(found?.comment ?? null, 'heartbeat', connections.contracts.source.environment) !== null;
}

/**
 * One beat, and then the position behind its commit. Whoever has applied anything from there on must have applied the
 * beat.
 */
async function writeBeat(session: Session, of: StreamOf): Promise<string> {
  const id = await session.transaction(async () => {
    await session.query('SELECT pg_advisory_xact_lock($1::bigint)', [beatKey(of)]);
    return addBeat(session, of);
  });
  const table = quoteQualified(heartbeatTable(of));
  await session.query(`UPDATE ${table} SET passed = pg_current_wal_insert_lsn() WHERE id = $1::uuid`, [id]);
  return id;
}

/**
 * Whether every beat has arrived, with all that went before it.
 * @throws OperatorError HISTORY_DIFFERS or CONTINUITY_NOT_PROVEN when the two sides contradict each other
 */
export async function haveArrived(connections: Connections, beats: readonly SentBeat[]): Promise<boolean> {
  const arrived = await Promise.all(beats.map((beat) => hasArrived(connections, beat)));
  return arrived.every(Boolean);
}

async function beatsAt(connections: Connections, session: Session, of: StreamOf) {
  const { side, database } = session.target;
  return beatsOf(session, heartbeatTable(of).schema).catch((cause: unknown) => {
    throw beatFailed(connections, { side, database }, of, cause);
  });
}

/** In the order that resources/history.ts asks for. */
async function hasArrived(connections: Connections, { of, id }: SentBeat): Promise<boolean> {
  const { environment } = connections.contracts.source;
  const { origin, beat, there } = await connections.use({ side: 'target', database: of.database }, async (clone) => {
    const subscription = (await subscriptions(clone)).find(({ name }) => name === of.stream.subscription);
    const origin = subscription === undefined ? null : await originState(clone, originName(subscription.oid));
    const { beat } = ownMark(subscription?.comment ?? null, 'subscription', environment) ?? {};
    return { origin: origin?.progress ?? '0/0', beat, there: await beatsAt(connections, clone, of) };
  });
  const here = await connections.use({ side: 'source', database: of.database }, (session) =>
    beatsAt(connections, session, of),
  );
  const found = contradiction(here, there, origin, { origin, beat });
  if (found !== null) throw new OperatorError(historySpeaks(connections.contracts.source, of, found));
  return there.some((beat) => beat.id === id);
}
