import { subscriptionStats } from '../postgres/catalog/subscriptions';
import { compareLsn, lsnDistance } from '../postgres/lsn';
import { ticketState } from '../resources/clone-ticket';
import { continuityFinding, judgeContinuity, type Continuity } from '../resources/continuity';
import { findPublication, publicationMark } from '../resources/publication';
import { findSlot } from '../resources/replication-slot';
import { subscriptionMark, subscriptionOf } from '../resources/subscription';
import type { StreamOf } from './change';
import { Connections, type Contracts } from './connections';
import { observe } from './observe';
import type { Observation } from './observation';
import { streamsOf } from './plan';

export type StreamState =
  | 'not prepared'
  | 'waiting for the clone'
  | 'ready to connect'
  | 'disabled'
  | 'worker stopped'
  | 'streaming'
  /** Changes are known to be missing, or one side was put back. */
  | 'broken'
  /** It streams, and may have skipped changes; see `doubt`. */
  | 'not proven';

export interface StreamStatus {
  readonly database: string;
  readonly state: StreamState;
  /** Why it is not proven that the stream holds every change; null: nothing speaks against it. */
  readonly doubt: string | null;
  readonly tables: number;
  readonly slot: string;
  readonly walStatus: string | null;
  /** Position up to which the clone has confirmed. */
  readonly confirmedLsn: string | null;
  /** WAL written on the source that the clone has not confirmed; null before it is connected. */
  readonly lagBytes: number | null;
  /** ISO 8601: when the clone last heard from the source. */
  readonly lastMessage: string | null;
  readonly applyErrors: number | null;
}

export interface EnvironmentStatus {
  readonly environment: string;
  readonly ticket: string;
  readonly clone: 'not deployed' | 'deployed';
  readonly seedLsn: string | null;
  readonly streams: readonly StreamStatus[];
}

/** Where every stream stands now. Read-only. */
export async function readStatus(contracts: Contracts): Promise<EnvironmentStatus> {
  const connections = new Connections(contracts);
  try {
    const observation = await observe(connections);
    const streams = streamsOf(contracts.source);
    return {
      environment: contracts.source.environment,
      ticket: ticketState(contracts.source, observation, streams).kind,
      clone: observation.target === null ? 'not deployed' : 'deployed',
      seedLsn: observation.target?.seedLsn ?? null,
      streams: await Promise.all(streams.map((of) => streamStatus(connections, observation, of))),
    };
  } finally {
    await connections.close();
  }
}

async function streamStatus(connections: Connections, observation: Observation, of: StreamOf): Promise<StreamStatus> {
  const contract = connections.contracts.source;
  const subscription = observation.target === null ? null : subscriptionOf(observation.target, of);
  const ours = subscriptionMark(contract, subscription) !== null;
  const worker = ours
    ? await connections.use({ side: 'target', database: of.database }, (session) =>
        subscriptionStats(session, subscription!.oid),
      )
    : null;
  const slot = findSlot(observation.source, of);
  const publication = findPublication(observation.source, of);
  const prepared = publicationMark(contract, publication)?.ticket !== undefined && slot !== null;
  const continuity = judgeContinuity(contract, observation, of);
  const state = stateOf(prepared, isUnderTicket(observation), ours ? subscription!.enabled : null, worker?.pid ?? null);
  return {
    database: of.database,
    state: doubted(state, continuity),
    doubt: continuityFinding(contract, continuity)?.seen ?? null,
    tables: publication?.tables.length ?? 0,
    slot: of.stream.slot,
    walStatus: slot?.walStatus ?? null,
    confirmedLsn: slot?.confirmedFlushLsn ?? null,
    lagBytes: ours && slot?.confirmedFlushLsn != null ? lagBytes(observation, slot.confirmedFlushLsn) : null,
    lastMessage: worker?.lastMsgReceiptTime ?? null,
    applyErrors: worker?.applyErrors ?? null,
  };
}

/** A clone of an earlier ticket is as good as none: it will be replaced. */
function isUnderTicket({ target, ticket }: Observation): boolean {
  return target !== null && target.deployedNonce === ticket?.nonce;
}

function stateOf(prepared: boolean, cloned: boolean, enabled: boolean | null, workerPid: number | null): StreamState {
  if (enabled === null) return !prepared ? 'not prepared' : cloned ? 'ready to connect' : 'waiting for the clone';
  if (!enabled) return 'disabled';
  return workerPid === null ? 'worker stopped' : 'streaming';
}

function doubted(state: StreamState, continuity: Continuity | null): StreamState {
  if (continuity?.kind === 'broken') return 'broken';
  return state === 'streaming' && continuity?.kind === 'not proven' ? 'not proven' : state;
}

/** The position of the server was read after those of its slots. */
function lagBytes({ source }: Observation, confirmed: string): number {
  const flushed = source.server.flushLsn;
  return compareLsn(confirmed, flushed) >= 0 ? 0 : Number(lsnDistance(confirmed, flushed));
}
