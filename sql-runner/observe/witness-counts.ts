import { describeCluster } from '../aws/cluster';
import { readInstanceLog, type LogTail } from '../aws/server-log';
import type { Contracts } from '../../contract/contract';
import { alteringLog } from '../checks/altering-log';
import { countWitnessOf, type KnownCounted, type Seen, type Standing } from '../checks/lost-counts';
import type { Connections } from '../connections/connections';
import type { Reading } from '../connections/reading';
import { explain } from '../explain/explain';
import type { CountWitness, WorkerThen } from '../model/count-witness';
import { ownMark, type HeartbeatMark, type SubscriptionMark } from '../model/mark';
import type { Observation, TargetObservation } from '../model/observation';
import { factsOf, type StreamFacts } from '../model/stream-state';
import { streamsOf } from '../model/streams';
import { hasCountedAnew } from '../resources/counted-anew';
import { heartbeatOf } from '../resources/heartbeat';
import { holdOf } from '../resources/held-stream';
import { isAltered, unexplainedUpdates } from '../resources/unexplained-updates';

const OF_A_CRASH = { lines: 10_000, bytes: 2 * 1024 * 1024, unbroken: true } as const;
/** Whoever looks again and again does not ask as often for what is not told. */
const AGAIN_MS = 60_000;

interface Known {
  readonly at: number;
  readonly witness: CountWitness;
}

/** By subscription, of those that look again and again by the same connections. */
const known = new WeakMap<Connections, Map<string, Known>>();

/** What the last look by these connections told of each subscription whose count began anew. */
export const countWitnessesBy = (connections: Connections): ReadonlyMap<string, CountWitness> =>
  new Map([...(known.get(connections) ?? [])].map(([subscription, { witness }]) => [subscription, witness]));

/**
 * The same, with what was done to subscriptions before the clone's server began to count that anew. Its log is read where
 * it has, once for each count: as long as one goes on, it tells by itself.
 */
export async function withCountWitnesses(reading: Reading, observation: Observation): Promise<Observation> {
  const { target } = observation;
  const contract = reading.contracts.source;
  if (target?.counting == null) return observation;
  const witnesses: Record<string, CountWitness> = {};
  for (const of of streamsOf(contract).map((one) => factsOf(contract, observation, one))) {
    const mark = of.subscriptionMark;
    if (mark?.updates === undefined) continue;
    const isQuiet = unexplainedUpdates(contract, target, mark) === 0;
    if (!hasCountedAnew(target, mark)) {
      if (isQuiet) rememberQuiet(reading, of, target);
      continue;
    }
    const witness = await witnessed(reading, observation, of, target, mark);
    witnesses[of.stream.subscription] = witness;
    if (isQuiet && witness.unread === null && witness.altered === null) rememberQuiet(reading, of, target);
  }
  return { ...observation, target: { ...target, countWitnesses: witnesses } };
}

async function witnessed(
  reading: Reading,
  observation: Observation,
  of: StreamFacts,
  target: TargetObservation,
  mark: SubscriptionMark,
): Promise<CountWitness> {
  const { since } = target.counting!;
  const { subscription } = of.stream;
  const all = known.get(reading.connections) ?? new Map<string, Known>();
  known.set(reading.connections, all);
  const before = all.get(subscription);
  if (before?.witness.since === since && (before.witness.unread === null || Date.now() - before.at < AGAIN_MS))
    return before.witness;
  const note = noteOf(reading, observation, of, mark);
  const witness =
    note?.since === since
      ? { ...note, worker: note.worker ?? null, unread: null }
      : await toldByLog(reading, of, target, mark, note);
  all.set(subscription, { at: Date.now(), witness });
  return witness;
}

async function toldByLog(
  reading: Reading,
  of: StreamFacts,
  target: TargetObservation,
  mark: SubscriptionMark,
  note: Note,
): Promise<CountWitness> {
  const { since, at } = target.counting!;
  const { subscription } = of.stream;
  const log = await logOf(reading);
  const counted: KnownCounted = {
    marked: mark.counts === undefined ? null : { at: mark.counts.at, worker: markedWorker(mark) },
    altering: mark.counts?.altering !== undefined,
    looked: latest(noteAsSeen(note), quiet.get(reading.contracts)?.get(subscription) ?? null),
  };
  const told = countWitnessOf(alteringLog(log.tail), subscription, counted, standingOf(target, of));
  const altered = told.altered ?? note?.altered ?? null;
  return { since, at, unread: log.unread ?? told.unread, altered, worker: workerNow(target, of) };
}

async function logOf(reading: Reading): Promise<LogTail> {
  try {
    const { writer } = await reading.aws('target', describeCluster, reading.contracts.target!.cluster.identifier);
    return await reading.aws('target', readInstanceLog, writer, OF_A_CRASH);
  } catch (cause) {
    return { tail: '', unread: explain(cause).seen };
  }
}

/** What was written down since the mark was; of before, the rows were compared or the count was known. */
function noteOf(reading: Reading, { source }: Observation, of: StreamFacts, mark: SubscriptionMark): Note {
  const contract = reading.contracts.source;
  const comment = heartbeatOf(contract, source, of)?.comment ?? null;
  const note = ownMark(comment, 'heartbeat', contract.environment)?.counts;
  const marked = mark.counts?.at;
  return note !== undefined && (marked === undefined || Date.parse(note.at) > Date.parse(marked)) ? note : undefined;
}

type Note = HeartbeatMark['counts'];

const noteAsSeen = (note: Note): Seen | null =>
  note === undefined ? null : { at: note.at, worker: note.worker ?? null };

/** A run leaves what is held as it is, so what it was then is in the mark as well. */
function markedWorker({ counts, held }: SubscriptionMark): WorkerThen {
  const wasHeld = held !== undefined && Date.parse(held.at) < Date.parse(counts!.at);
  return wasHeld ? 'held' : (counts?.worker ?? null);
}

function standingOf(target: TargetObservation, of: StreamFacts): Standing {
  if (holdOf(of) !== null) return 'held';
  return isAltered(target, of) ? 'altered' : null;
}

/** One of a stream that is altered or disabled says nothing of what comes of that. */
function workerNow(target: TargetObservation, of: StreamFacts): WorkerThen {
  const standing = standingOf(target, of);
  if (standing !== null) return standing === 'held' ? 'held' : null;
  return target.counting?.workers?.[of.stream.subscription] ?? null;
}

/** By subscription, for whoever goes on with the same contracts: when it was last seen that nothing was altered. */
const quiet = new WeakMap<Contracts, Map<string, Seen>>();

/** Where nobody is there who would log it, it is not known for how long nothing is altered. */
function rememberQuiet({ contracts }: Reading, of: StreamFacts, target: TargetObservation): void {
  const worker = workerNow(target, of);
  if (worker === null) return;
  const all = quiet.get(contracts) ?? new Map<string, Seen>();
  quiet.set(contracts, all.set(of.stream.subscription, { at: target.counting!.at, worker }));
}

function latest(one: Seen | null, other: Seen | null): Seen | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one.at) > Date.parse(other.at) ? one : other;
}
