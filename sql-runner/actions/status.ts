import type { Code } from '../../errors/codes';
import { streamFacts, ticketState, type StreamFacts } from '../model/stream-state';
import { wordsBeside } from '../checks/forgotten-streams';
import { unconfirmed } from '../checks/slot-growth';
import { budgetUsed, overBudget, type Cost } from '../checks/wal-budget';
import { lagOf } from '../checks/stream-words';
import { isHealthy, type Health } from '../model/health';
import type { StreamLook, StreamsSeen } from '../model/survey';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import type { SourceContract, Contracts } from '../../contract/contract';
import { arrivalOf } from '../resources/arrival';
import { judgeContinuity } from '../resources/continuity';
import { heartbeatOf } from '../resources/heartbeat';
import { countedUntil } from '../resources/counted-anew';
import { unlookedOf } from '../resources/unlooked';
import { slotUnread, witnessIn } from '../resources/slot-moved';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { lookAtStreams } from '../observe/look-at-streams';
import { lookEarly } from '../observe/look-once';
import { differingDefinitions } from '../observe/differing-definitions';
import { observeStreams } from '../observe/observe-streams';
import type { Observation, SourceObservation } from '../model/observation';
import { consequenceOf } from './consequence';
import { placesOf, type Places } from './places';
import type { Beside } from './problems';
import { sequencesSeen } from '../observe/sequences-seen';
import type { SequencesSeen } from '../model/sequences';
import { slotFigures } from './slot-figures';
import { statusWithoutClone } from './status-without-clone';
import { streamHealth } from './stream-health';
import { withWitnesses } from '../observe/witnesses';
import { rewritingTriggers } from '../observe/rewriting-triggers';
import { ownTransaction } from './own-transaction';
import { tablesTakenTwice } from '../observe/tables-taken-twice';
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
  /** Seconds: age of the oldest beat that has not arrived, or of the look up to which all is confirmed; null: unknown. */
  readonly lagSeconds: number | null;
  /** ISO 8601: the newest beat that has arrived was written then, and nothing before it was skipped; null: not proven. */
  readonly provenUntil: string | null;
  /** Which part of its budget it has used, 1 being all of it; null: it has none, or that is not known. */
  readonly budgetUsed: number | null;
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
  /** What nobody could look at of them, see resources/unlooked.ts; none: all was. */
  readonly unlooked: readonly string[];
  /** Of each database that follows and has any on both sides: how far its sequences are behind. */
  readonly sequences: readonly SequencesSeen[];
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
  const [early, observed] = await Promise.all([lookEarly(reading), observeStreams(reading)]);
  const streams = streamFacts(contracts.source, observed);
  const seen = await lookAtStreams(reading, observed, early);
  const observation = await withWitnesses(reading, observed, seen);
  const untaken = await untakenTables(reading, observation);
  const twice = await tablesTakenTwice(reading, observation);
  const rewriting = await rewritingTriggers(reading, observation);
  const definitions = await differingDefinitions(reading, observation);
  const own = await ownTransaction(reading, observation.source);
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
        twice: twice.get(of.stream.subscription) ?? [],
        rewriting: rewriting.get(of.stream.subscription) ?? [],
        definitions: definitions.refused.get(of.stream.subscription) ?? [],
        own,
      }),
    ),
    sequences: await sequencesSeen(reading, observation),
    unlooked: [...unlookedOf(contracts.source, observation), ...definitions.unlooked],
    beside: wordsBeside(contracts.source, observation.source),
  };
  return { status, seen };
}

function streamStatus(
  contract: SourceContract,
  observation: Observation,
  seen: StreamsSeen | null,
  of: StreamFacts,
  beside: Beside & { readonly own: string | null },
): StreamStatus {
  const { source } = observation;
  const { publication, slot } = of;
  const looks = of.subscriptionMark === null ? null : (seen?.looks[of.stream.subscription] ?? null);
  const look = looks?.last ?? null;
  const figures = slotFigures(source, slot);
  const health = streamHealth(contract, observation, looks === null ? null : seen, of, beside);
  const lost = health.state === 'lost';
  const follows = health.state === 'streaming' ? (looks?.seconds ?? null) : null;
  const proof = proofOf(contract, observation, of, look === null || lost ? null : lagOf(look), follows);
  const cost = lost ? null : costOf(source, slot, look, proof.lagSeconds);
  const over = cost === null ? [] : overBudget(contract, `the stream of database ${of.database}`, cost);
  return {
    database: of.database,
    ...health,
    problems: [...health.problems, ...over],
    next: health.next ?? over[0]?.next ?? null,
    consequence: consequenceOf(contract, source, slot, health.state, looks, beside.own),
    tables: publication?.tables.length ?? 0,
    slot: of.stream.slot,
    ...figures,
    writtenLsn: look?.flushLsn ?? source.server.flushLsn,
    sentLsn: look?.reader?.sentLsn ?? null,
    receivedLsn: look?.worker?.receivedLsn ?? null,
    confirmedLsn: (look === null ? slot?.confirmedFlushLsn : look.reader?.confirmedLsn) ?? null,
    // Of a slot that is lost there is nothing to go.
    lagBytes: look === null || lost ? null : lagOf(look),
    ...proof,
    budgetUsed: cost === null ? null : budgetUsed(contract.budget, cost),
    lastMessage: look?.worker?.lastMessage ?? null,
    applyErrors: look?.worker?.applyErrors ?? null,
  };
}

function costOf(
  { server }: SourceObservation,
  slot: ReplicationSlot | null,
  look: StreamLook | null,
  lagSeconds: number | null,
): Cost {
  const unconfirmedBytes = look === null ? slot && unconfirmed(server, slot) : lagOf(look);
  return { unconfirmedBytes, unreadSeconds: look?.reader?.unreadSeconds ?? null, lagSeconds };
}

/**
 * @param lag null: there is none, or it is not known
 * @param follows it has confirmed all that was written so many seconds ago; null: that was not seen
 */
function proofOf(
  contract: SourceContract,
  { source, target }: Observation,
  of: StreamFacts,
  lag: number | null,
  follows: number | null,
): Pick<StreamStatus, 'lagSeconds' | 'provenUntil'> {
  if (lag === null) return { lagSeconds: null, provenUntil: null };
  const [here, there] = [heartbeatOf(contract, source, of), target && heartbeatOf(contract, target, of)];
  if (here === null || there === null) return { lagSeconds: lag === 0 ? 0 : follows, provenUntil: null };
  const witness = witnessIn(source, of);
  // Each return of a worker of which nobody looked who was at the slot before it may have left something out.
  const looked = slotUnread(source, of) === null ? undefined : witness!.until;
  const counted = target === null ? undefined : countedUntil(target, of);
  const { provenUntil, waiting } = arrivalOf(here.beats, there.beats, earlier(looked, counted));
  const proven = judgeContinuity(contract, { source, target }, of)?.kind === 'proven';
  return { lagSeconds: lag === 0 ? 0 : (waiting ?? follows), provenUntil: proven ? provenUntil : null };
}

/** null: nothing is known; undefined: there is no limit. */
function earlier(one: string | null | undefined, other: string | null | undefined): string | null | undefined {
  if (one === undefined) return other;
  if (other === undefined) return one;
  if (one === null || other === null) return null;
  return Date.parse(one) < Date.parse(other) ? one : other;
}

/** Whether every stream was seen to follow, with nothing that speaks against it. */
export const isFollowing = ({ streams }: Pick<EnvironmentStatus, 'streams'>): boolean => streams.every(isHealthy);
