import type { Code } from '../../errors/codes';
import { streamFacts, ticketState, type StreamFacts } from '../model/stream-state';
import { wordsBeside } from '../checks/forgotten-streams';
import type { StreamCondition } from '../checks/stream-condition';
import { conditionIn } from '../checks/stream-findings';
import { lagOf } from '../checks/stream-words';
import { FOLLOWING, isHealthy, type Health, type HealthState } from '../model/health';
import type { StreamsSeen } from '../model/survey';
import type { SourceContract, Contracts } from '../../contract/contract';
import { arrivalOf } from '../resources/arrival';
import { continuityFinding, judgeContinuity, type Continuity } from '../resources/continuity';
import { heartbeatOf } from '../resources/heartbeat';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { lookAtStreams } from '../observe/look-at-streams';
import { observeStreams } from '../observe/observe-streams';
import type { Observation } from '../model/observation';
import { slotAndAlignment } from '../plan/stream-refusals';
import { placesOf, type Places } from './places';
import { slotFigures } from './slot-figures';
import { statusWithoutClone } from './status-without-clone';
import { evidenceOf, sinceOf } from './stream-evidence';
import { consequenceOf, problemOf, problemsOfLogin, problemsOfOurs, usualNext, type Beside } from './stream-health';
import { rewritingTriggers } from '../observe/rewriting-triggers';
import { untakenTables } from '../observe/untaken-tables';

export interface StreamStatus extends Health {
  readonly database: string;
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
  /** Position up to which the source has sent it; null: nobody reads the slot, or it cannot be seen. */
  readonly sentLsn: string | null;
  /** Position up to which the clone has received. */
  readonly receivedLsn: string | null;
  /** Position up to which the clone has applied, and confirmed that. */
  readonly confirmedLsn: string | null;
  /** WAL written on the source that the clone has not confirmed; null before it is connected. */
  readonly lagBytes: number | null;
  /** Age in seconds of the oldest beat that has not arrived; 0 where nothing is to go; null: no beat is on its way. */
  readonly lagSeconds: number | null;
  /** ISO 8601: the newest beat that has arrived was written then, and no beat before it was skipped; null: none has. */
  readonly provenUntil: string | null;
  /** ISO 8601: when the clone last heard from the source. */
  readonly lastMessage: string | null;
  readonly applyErrors: number | null;
}

export interface EnvironmentStatus {
  readonly environment: string;
  /** When it was looked at, ISO 8601. */
  readonly at: string;
  readonly places: Places;
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
    at: new Date(Date.now()).toISOString(),
    places: placesOf(contracts),
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
  beside: Beside,
): StreamStatus {
  const { source } = observation;
  const { publication, slot } = of;
  const looks = of.subscriptionMark === null ? null : (seen?.looks[of.stream.subscription] ?? null);
  const look = looks?.last ?? null;
  const health = streamHealth(contract, observation, looks === null ? null : seen, of, beside);
  const lost = health.state === 'lost';
  return {
    database: of.database,
    ...health,
    tables: publication?.tables.length ?? 0,
    slot: of.stream.slot,
    ...slotFigures(source, slot),
    writtenLsn: look?.flushLsn ?? source.server.flushLsn,
    sentLsn: look?.reader?.sentLsn ?? null,
    receivedLsn: look?.worker?.receivedLsn ?? null,
    confirmedLsn: (look === null ? slot?.confirmedFlushLsn : look.reader?.confirmedLsn) ?? null,
    // Of a slot that is lost there is nothing to go.
    lagBytes: look === null || lost ? null : lagOf(look),
    ...proofOf(contract, observation, of, look === null || lost ? null : lagOf(look)),
    lastMessage: look?.worker?.lastMessage ?? null,
    applyErrors: look?.worker?.applyErrors ?? null,
  };
}

/** @param lag null: there is none, or it is not known */
function proofOf(
  contract: SourceContract,
  { source, target }: Observation,
  of: StreamFacts,
  lag: number | null,
): Pick<StreamStatus, 'lagSeconds' | 'provenUntil'> {
  if (lag === null) return { lagSeconds: null, provenUntil: null };
  const [here, there] = [heartbeatOf(contract, source, of), target && heartbeatOf(contract, target, of)];
  if (here === null || there === null) return { lagSeconds: lag === 0 ? 0 : null, provenUntil: null };
  const { provenUntil, waiting } = arrivalOf(here.beats, there.beats);
  const proven = judgeContinuity(contract, { source, target }, of)?.kind === 'proven';
  return { lagSeconds: lag === 0 ? 0 : waiting, provenUntil: proven ? provenUntil : null };
}

/** @param seen null: it is not connected, or not by us */
function streamHealth(
  contract: SourceContract,
  observation: Observation,
  seen: StreamsSeen | null,
  of: StreamFacts,
  beside: Beside,
): Health {
  const before = standsBefore(observation, of);
  const refusals = slotAndAlignment(contract, observation, of, {
    ready: seen === null && before === 'not connected yet',
  });
  const ours = of.subscriptionMark !== null;
  const lost = ours && refusals.some(({ code }) => code === 'SLOT_LOST');
  const continuity = judgeContinuity(contract, observation, of);
  const doubt = continuityFinding(contract, continuity);
  const blocked = refusals.some(({ severity }) => severity === 'block');
  const condition = seen === null ? null : STATES[conditionIn(seen, of)];
  const state = stateOf(lost ? 'lost' : (condition ?? (blocked ? 'blocked' : before)), continuity, of);
  const own = ours ? problemsOfOurs(contract, observation, lost ? null : seen, of, beside) : [];
  const doubts = doubt === null ? [] : [problemOf(doubt)];
  const problems = [
    ...(state === 'diverged' ? doubts : []),
    ...(lost ? refusals.map(problemOf) : []),
    ...(ours ? problemsOfLogin(contract, observation.source, of) : []),
    ...(lost ? [] : refusals.map(problemOf)),
    ...own.filter(({ code }) => state !== 'held' || code !== 'SUBSCRIPTION_DISABLED'),
    ...(state === 'diverged' ? [] : doubts),
  ];
  const look = seen?.looks[of.stream.subscription]?.last ?? null;
  return {
    state,
    since: sinceOf(state, look, of, new Date(Date.now())),
    problems,
    evidence: evidenceOf(look, of),
    consequence: consequenceOf(observation.source, of.slot, state),
    next: problems[0]?.next ?? usualNext(contract, state),
  };
}

function standsBefore(observation: Observation, { mark, slot }: StreamFacts): HealthState {
  if (mark?.ticket === undefined || slot === null) return 'not prepared';
  return isUnderTicket(observation) ? 'not connected yet' : 'waiting for the clone';
}

function stateOf(standing: HealthState, continuity: Continuity | null, of: StreamFacts): HealthState {
  if (continuity?.kind === 'broken' || (continuity?.kind === 'not proven' && continuity.differs)) return 'diverged';
  if (standing === 'disabled' && of.subscriptionMark?.held !== undefined) return 'held';
  return FOLLOWING.includes(standing) && continuity?.kind === 'not proven' ? 'not proven' : standing;
}

/** A clone of an earlier ticket is as good as none: it will be replaced. */
function isUnderTicket({ target, ticket }: Observation): boolean {
  return target !== null && target.deployedNonce === ticket?.nonce;
}

export const STATES: Record<StreamCondition, HealthState> = {
  absent: 'stopped',
  disabled: 'disabled',
  failing: 'retrying',
  stopped: 'stopped',
  unread: 'cut off',
  waiting: 'blocked',
  silent: 'cut off',
  streaming: 'streaming',
  'catching up': 'catching up',
  busy: 'no progress seen',
  undecided: 'no progress seen',
};

/** Whether every stream was seen to follow, with nothing that speaks against it. */
export const isFollowing = ({ streams }: Pick<EnvironmentStatus, 'streams'>): boolean => streams.every(isHealthy);
