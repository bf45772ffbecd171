import type { Code } from '../../errors/codes';
import { streamFacts, ticketState, type StreamFacts } from '../model/stream-state';
import { wordsBeside } from '../checks/forgotten-streams';
import type { StreamCondition } from '../checks/stream-condition';
import { conditionIn } from '../checks/stream-findings';
import { troubleOf } from '../checks/stream-trouble';
import { lagOf } from '../checks/stream-words';
import type { StreamsSeen } from '../model/survey';
import type { SourceContract, Contracts } from '../../contract/contract';
import { continuityFinding, judgeContinuity, type Continuity } from '../resources/continuity';
import { unloggedOnOneSide } from '../resources/publication-rows';
import { keptOut } from '../resources/role-lacks';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { lookAtStreams } from '../observe/look-at-streams';
import { observeStreams } from '../observe/observe-streams';
import type { Observation } from '../model/observation';
import { alteredBeats, alteredIn, slotAndAlignment } from '../plan/stream-refusals';
import { slotFigures } from './slot-figures';
import { statusWithoutClone } from './status-without-clone';
import { rewritingTriggers } from '../observe/rewriting-triggers';
import { untakenTables } from '../observe/untaken-tables';

export const STREAM_STATES = [
  'not prepared',
  'waiting for the clone',
  /** Whether it may be, plan and doctor say. */
  'not connected yet',
  /** As plan says: a start at its seed LSN would skip or repeat changes. */
  'cannot be connected',
  'disabled',
  'worker stopped',
  'worker fails',
  'slot not read',
  'waits for a lock',
  'silent',
  'no progress seen',
  'catching up',
  'streaming',
  /** What the clone does cannot be seen. */
  'clone not reached',
  /** Changes are known to be missing, or one side was put back. */
  'broken',
  /** It streams, and may have skipped changes; see `doubt`. */
  'not proven',
] as const;
export type StreamState = (typeof STREAM_STATES)[number];

export interface StreamStatus {
  readonly database: string;
  readonly state: StreamState;
  /** Why it is not proven that the stream holds every change; null: nothing speaks against it. */
  readonly doubt: string | null;
  /** What keeps it from following, as in doctor; null: nothing that was seen. */
  readonly trouble: string | null;
  readonly tables: number;
  readonly slot: string;
  readonly walStatus: string | null;
  /** Somebody reads the slot; null: there is none. */
  readonly slotRead: boolean | null;
  /** WAL in bytes that the source keeps for the slot; null: there is none, or it needs none. */
  readonly retainedBytes: number | null;
  /** WAL in bytes that may still be written before the slot is lost; null: there is no limit. */
  readonly safeWalBytes: number | null;
  /** Position up to which the source had written. */
  readonly writtenLsn: string | null;
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
  readonly clone: 'not deployed' | 'deployed' | 'not reached';
  /** Why the clone was not read, and what production keeps for it meanwhile; null: both sides were read. */
  readonly unread: {
    readonly code: Code;
    readonly seen: string;
    readonly next: string;
    readonly meanwhile: string;
  } | null;
  readonly seedLsn: string | null;
  readonly streams: readonly StreamStatus[];
  /** What stands beside the streams and costs production something. */
  readonly beside: readonly string[];
}

/** Where every stream stands now; where the clone cannot be reached, what the source tells of it. Read-only. */
export async function readStatus(open: Open, contracts: Contracts): Promise<EnvironmentStatus> {
  try {
    return await readBothSides(open, contracts);
  } catch (cause) {
    return await statusWithoutClone(open, contracts, cause);
  }
}

async function readBothSides(open: Open, contracts: Contracts): Promise<EnvironmentStatus> {
  const connections = open(contracts);
  try {
    return (await statusOf(connections)).status;
  } finally {
    await connections.close();
  }
}

/** The status, and the looks at the streams that it rests on; null: there is no clone. */
export async function statusOf(
  connections: Connections,
): Promise<{ readonly status: EnvironmentStatus; readonly seen: StreamsSeen | null }> {
  const { contracts } = connections;
  const reading = connections.reading();
  const observation = await observeStreams(reading);
  const streams = streamFacts(contracts.source, observation);
  const seen = await lookAtStreams(reading, observation);
  const untaken = await untakenTables(reading, observation);
  const rewriting = await rewritingTriggers(reading, observation);
  const status: EnvironmentStatus = {
    environment: contracts.source.environment,
    ticket: ticketState(observation, streams).kind,
    clone: observation.target === null ? 'not deployed' : 'deployed',
    unread: null,
    seedLsn: observation.target?.seedLsn ?? null,
    streams: streams.map((of) =>
      streamStatus(contracts.source, observation, seen, of, {
        untaken: untaken.get(of.stream.subscription) ?? [],
        rewriting: rewriting.get(of.stream.subscription) ?? [],
      }),
    ),
    beside: wordsBeside(contracts.source, observation.source),
  };
  return { status, seen };
}

function streamStatus(
  contract: SourceContract,
  observation: Observation,
  seen: StreamsSeen | null,
  of: StreamFacts,
  { untaken, rewriting }: Readonly<Record<'untaken' | 'rewriting', readonly string[]>>,
): StreamStatus {
  const { publication, slot, inherited } = of;
  const ours = of.subscriptionMark !== null;
  const looks = ours ? (seen?.looks[of.stream.subscription] ?? null) : null;
  const prepared = of.mark?.ticket !== undefined && slot !== null;
  const before = !prepared
    ? 'not prepared'
    : isUnderTicket(observation)
      ? 'not connected yet'
      : 'waiting for the clone';
  const continuity = judgeContinuity(contract, observation, of);
  const reader = looks?.last.reader ?? null;
  const refusals = slotAndAlignment(contract, observation, of, {
    ready: looks === null && before === 'not connected yet',
  });
  const lost = refusals.some(({ code }) => code === 'SLOT_LOST');
  const unlogged = unloggedOnOneSide(publication, inherited);
  const altered = ours ? alteredIn(contract, observation, of) : [];
  const trouble = [
    ...(ours ? keptOut(contract, observation.source, of) : []).map(
      ({ code, what }) => `${code}: ${what}; sql-runner doctor says what to do`,
    ),
    ...refusals.map(({ code, seen: what, next }) => `${code}: ${what}; ${next}`),
    looks === null || lost ? null : troubleOf(contract, seen!, of),
    ...(ours ? alteredBeats(contract, observation, of) : []).map(
      ({ code, seen: what, next }) => `${code}: ${what}; ${next}`,
    ),
    ...altered.map((finding) => `${finding.code}: ${finding.seen}`),
    ours && untaken.length > 0
      ? `it does not take ${listed(untaken)}: changes are skipped, or stop it; sql-runner doctor says which, and why`
      : null,
    ours && unlogged.length > 0
      ? `unlogged: ${listed(unlogged)} alone; changes are not sent, or rows can be lost; sql-runner doctor says what to do`
      : null,
    ours && rewriting.length > 0
      ? `trigger ${rewriting.join(', ')} may leave out or change what arrives: sql-runner doctor says what to do`
      : null,
  ].filter((one) => one !== null);
  const connectable = refusals.some(({ severity }) => severity === 'block') ? 'cannot be connected' : before;
  const standing = lost && ours ? 'broken' : looks === null ? connectable : STATES[conditionIn(seen!, of)];
  return {
    database: of.database,
    state: doubted(standing, continuity),
    doubt: continuityFinding(contract, continuity)?.seen ?? null,
    trouble: trouble.length === 0 ? null : trouble.join('; '),
    tables: publication?.tables.length ?? 0,
    slot: of.stream.slot,
    ...slotFigures(observation.source, slot),
    writtenLsn: looks?.last.flushLsn ?? observation.source.server.flushLsn,
    confirmedLsn: (looks === null ? slot?.confirmedFlushLsn : reader?.confirmedLsn) ?? null,
    // Of a slot that is lost there is nothing to go.
    lagBytes: looks === null || lost ? null : lagOf(looks.last),
    lastMessage: looks?.last.worker?.lastMessage ?? null,
    applyErrors: looks?.last.worker?.applyErrors ?? null,
  };
}

function listed(tables: readonly string[]): string {
  const [first, ...others] = tables;
  return others.length === 0 ? first! : `${tables.length} tables (${first}, …)`;
}

/** A clone of an earlier ticket is as good as none: it will be replaced. */
function isUnderTicket({ target, ticket }: Observation): boolean {
  return target !== null && target.deployedNonce === ticket?.nonce;
}

export const STATES: Record<StreamCondition, StreamState> = {
  absent: 'worker stopped',
  disabled: 'disabled',
  failing: 'worker fails',
  stopped: 'worker stopped',
  unread: 'slot not read',
  waiting: 'waits for a lock',
  silent: 'silent',
  streaming: 'streaming',
  'catching up': 'catching up',
  busy: 'no progress seen',
  undecided: 'no progress seen',
};

function doubted(state: StreamState, continuity: Continuity | null): StreamState {
  if (continuity?.kind === 'broken' || (continuity?.kind === 'not proven' && continuity.differs)) return 'broken';
  const fine = state === 'streaming' || state === 'catching up';
  return fine && continuity?.kind === 'not proven' ? 'not proven' : state;
}

/** Whether every stream was seen to follow, with nothing that speaks against it. */
export function isFollowing({ streams }: EnvironmentStatus): boolean {
  return streams.every(isWell);
}

export function isWell({ state, trouble, doubt }: StreamStatus): boolean {
  return ['streaming', 'catching up'].includes(state) && trouble === null && doubt === null;
}
