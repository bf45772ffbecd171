import { describeCluster } from '../aws/cluster';
import { readInstanceLog, type LogTail } from '../aws/server-log';
import type { Contracts } from '../../contract/contract';
import { alteringLog } from '../checks/altering-log';
import { countWitnessOf, type KnownCounted } from '../checks/lost-counts';
import type { Connections } from '../connections/connections';
import type { Reading } from '../connections/reading';
import { explain } from '../explain/explain';
import type { CountWitness } from '../model/count-witness';
import { ownMark, type HeartbeatMark, type SubscriptionMark } from '../model/mark';
import type { Observation, TargetObservation } from '../model/observation';
import { factsOf, type StreamFacts } from '../model/stream-state';
import { streamsOf } from '../model/streams';
import { hasCountedAnew } from '../resources/counted-anew';
import { heartbeatOf } from '../resources/heartbeat';
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
      if (isQuiet) rememberQuiet(reading, of, target.counting.at);
      continue;
    }
    const witness = await witnessed(reading, observation, of, target, mark);
    witnesses[of.stream.subscription] = witness;
    if (isQuiet && witness.unread === null && witness.altered === null) rememberQuiet(reading, of, target.counting.at);
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
  const witness = note?.since === since ? { ...note, unread: null } : await toldByLog(reading, of, target, mark, note);
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
    marked: mark.counts?.at ?? null,
    altering: mark.counts?.altering !== undefined,
    looked: latest(note?.at ?? null, quiet.get(reading.contracts)?.get(subscription) ?? null),
  };
  const told = countWitnessOf(alteringLog(log.tail), subscription, counted, isAltered(target, of));
  return { since, at, unread: log.unread ?? told.unread, altered: told.altered ?? note?.altered ?? null };
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

/** By subscription, for whoever goes on with the same contracts: when it was last seen that nothing was altered. */
const quiet = new WeakMap<Contracts, Map<string, string>>();

function rememberQuiet({ contracts }: Reading, { stream }: StreamFacts, at: string): void {
  const all = quiet.get(contracts) ?? new Map<string, string>();
  quiet.set(contracts, all.set(stream.subscription, at));
}

function latest(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) > Date.parse(other) ? one : other;
}
