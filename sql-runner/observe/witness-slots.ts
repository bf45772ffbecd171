import { describeCluster } from '../aws/cluster';
import { LOG_REACH_MS, readInstanceLog, type LogTail } from '../aws/server-log';
import { decodingLog } from '../checks/decoding-log';
import { knownWhole, type KnownWhole } from '../checks/known-whole';
import { isTold, lastOf, nowOf, unlooked, witnessOf } from '../checks/slot-log-witness';
import { madeAnew, restored } from '../checks/slot-counts';
import type { OtherSlot } from '../checks/slot-moves';
import { countBefore, countNow, rememberCount } from './decoded-before';
import type { Contracts, SourceContract } from '../../contract/contract';
import type { Connections } from '../connections/connections';
import { versionOf, type Reading } from '../connections/reading';
import { ownMark, type HeartbeatMark } from '../model/mark';
import type { Observation, SourceObservation } from '../model/observation';
import { readerOf, type SlotMove, type SlotWitness } from '../model/slot-witness';
import { factsOf } from '../model/stream-state';
import { streamsOf, type StreamOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';
import { slotReaders, type SlotReader } from '../postgres/catalog/senders';
import { explain } from '../explain/explain';
import { heartbeatOf } from '../resources/heartbeat';

/** More than what tells of now: it is read once for each time that a worker comes back. */
const OF_A_RETURN = { lines: 10_000, bytes: 2 * 1024 * 1024, unbroken: true } as const;
/** Whoever looks again and again does not ask as often for what is not told; of one that has just come it may be soon. */
const AGAIN_MS = 60_000;

interface Known {
  readonly at: number;
  readonly witness: SlotWitness;
}

/** By slot, of those that look again and again by the same connections. */
const known = new WeakMap<Connections, Map<string, Known>>();

/** What the last look by these connections told of each slot. */
export const witnessesBy = (connections: Connections): ReadonlyMap<string, SlotWitness> =>
  new Map([...(known.get(connections) ?? [])].map(([slot, { witness }]) => [slot, witness]));

/**
 * The same, with who was at the slot of each stream until its present reader came. As long as one reads it nobody else
 * can, so the log of the source is only read where a reader came of which nobody has looked yet, once for all.
 * After all looks at the streams: what moved a slot before them is in it.
 * @param seen who was seen to read by then; null: who does now is asked
 */
export async function withSlotWitnesses(
  reading: Reading,
  observation: Observation,
  seen: StreamsSeen | null = null,
): Promise<Observation> {
  const { source, target } = observation;
  const contract = reading.contracts.source;
  const begun = streamsOf(contract).filter((of) => factsOf(contract, observation, of).subscriptionMark !== null);
  if (target === null || begun.length === 0) return observation;
  const first = await reading.first('source');
  const looks = seen === null ? null : Object.values(seen.looks).flatMap(({ last }) => last.reader ?? []);
  const readers = looks ?? (await reading.again(first, slotReaders));
  const witnesses: Record<string, SlotWitness> = {};
  const unseen: { of: StreamOf; reader: SlotReader }[] = [];
  for (const of of begun) {
    const note = noteOf(contract, source, of);
    const reader = readers.find(({ slot }) => slot === of.stream.slot);
    const seen =
      reader?.active === true ? (seenBefore(reading.connections, reader) ?? noted(note, reader)) : ofNobody(note);
    if (seen === null && reader?.active === true) unseen.push({ of, reader });
    if (seen === null) continue;
    witnesses[of.stream.slot] = seen;
    if (reader?.active === true) rememberWhole(reading, reader, seen);
  }
  const version = unseen.length === 0 ? 0 : await reading.ask(first, versionOf);
  const log = await logFor(
    reading,
    unseen.map(({ reader }) => reader),
  );
  const told = log === null ? null : decodingLog(log.tail);
  for (const { of, reader } of unseen) {
    const watched = {
      ...reader,
      txns: reader.counted?.txns ?? null,
      role: contract.replication.role,
      version,
      others: othersOf(contract, source),
    };
    const whole = wholeOf(reading, observation, of);
    const fresh =
      told === null || log!.unread !== null
        ? unlooked(watched, log?.unread ?? LONG_AGO)
        : witnessOf(told, watched, whole);
    const note = noteOf(contract, source, of);
    const now = countNow(reader, factsOf(contract, observation, of));
    const anew = madeAnew(countBefore(reading, note, reader.slot, now), now, watched);
    const other = restored(note?.cluster, log?.cluster ?? null, watched);
    const moves = [isTold(fresh.move, whole) ? null : anew, toldBefore(reading.connections, reader), other];
    const cluster = log?.cluster ?? note?.cluster;
    const witness = { ...withMoves(afterNote(note, fresh), moves), ...(cluster === undefined ? {} : { cluster }) };
    rememberWhole(reading, reader, witness);
    witnesses[reader.slot] = witness;
    remember(reading.connections, reader.slot, witness);
  }
  for (const of of begun) {
    const { slot } = of.stream;
    const witness = witnesses[slot];
    const reader = readers.find((one) => one.slot === slot);
    const counted = countNow(reader, factsOf(contract, observation, of));
    if (witness?.reader == null || counted === null) continue;
    witnesses[slot] = { ...witness, counted };
    amend(reading.connections, slot, witnesses[slot]);
    rememberCount(reading, slot, counted, noteOf(contract, source, of)?.reader === witness.reader);
  }
  return { ...observation, source: { ...source, witnesses } };
}

const withMoves = (witness: SlotWitness, moves: readonly (SlotMove | null)[]): SlotWitness => ({
  ...witness,
  move: lastOf([witness.move, ...moves]),
});

/** Of the same reader, by these connections: what is not written down yet would be lost. */
function toldBefore(connections: Connections, reader: SlotReader): SlotMove | null {
  const before = known.get(connections)?.get(reader.slot)?.witness;
  return before !== undefined && before.reader === readerOf(reader) ? before.move : null;
}

function othersOf(contract: SourceContract, { slots }: SourceObservation): Map<string, OtherSlot> {
  const ours = streamsOf(contract).map(({ stream }) => stream.slot);
  return new Map([
    ...slots.map((slot): [string, OtherSlot] => [
      slot.name,
      { inUse: slot.active, confirmedLsn: slot.confirmedFlushLsn },
    ]),
    // Also one that is gone: what its log tells is told of its own stream.
    ...ours.map((name): [string, OtherSlot] => [name, { inUse: true, confirmedLsn: null }]),
  ]);
}

/** null: each of them came so long ago that no log is read for it. */
async function logFor(
  reading: Reading,
  readers: readonly SlotReader[],
): Promise<(LogTail & { readonly cluster: string | null }) | null> {
  if (!readers.some(({ sinceSeconds }) => sinceSeconds === null || sinceSeconds * 1_000 < LOG_REACH_MS)) return null;
  try {
    // Plan and doctor have asked for the cluster as well.
    const { writer, resourceId: cluster } = await reading.aws(
      'source',
      describeCluster,
      reading.contracts.source.cluster.identifier,
    );
    return { ...(await reading.aws('source', readInstanceLog, writer, OF_A_RETURN)), cluster };
  } catch (cause) {
    return { tail: '', unread: explain(cause).seen, cluster: null };
  }
}

const LONG_AGO = `no log is read of more than ${LOG_REACH_MS / 3_600_000} h ago`;

function seenBefore(connections: Connections, reader: SlotReader): SlotWitness | null {
  const before = known.get(connections)?.get(reader.slot);
  const same = before !== undefined && readerOf(reader) !== null && before.witness.reader === readerOf(reader);
  if (!same) return null;
  const isOver = (reader.sinceSeconds ?? 0) * 1_000 < AGAIN_MS || Date.now() - before.at >= AGAIN_MS;
  return before.witness.unread !== null && isOver ? null : before.witness;
}

/**
 * By slot, for whoever goes on with the same contracts, also when its connections end: until when one reader was seen of
 * whose coming was looked at. Of one of whom it could not be looked at nothing is remembered: the gap before it stays one.
 */
const wholes = new WeakMap<Contracts, Map<string, string>>();

function rememberWhole({ contracts }: Reading, reader: SlotReader, { unread }: SlotWitness): void {
  const now = nowOf(reader);
  if (unread !== null || now === null) return;
  const all = wholes.get(contracts) ?? new Map<string, string>();
  wholes.set(contracts, all.set(reader.slot, now));
}

function wholeOf({ contracts }: Reading, observation: Observation, of: StreamOf): KnownWhole {
  const contract = contracts.source;
  const { mark, inheritedMark, subscriptionMark } = factsOf(contract, observation, of);
  const times = [noteOf(contract, observation.source, of)?.until, wholes.get(contracts)?.get(of.stream.slot)];
  const positions = [(mark ?? inheritedMark)?.ticket?.confirmedFlushLsn, subscriptionMark?.compared];
  return knownWhole(
    times.flatMap((time) => time ?? []),
    positions.flatMap((lsn) => lsn ?? []),
  );
}

function remember(connections: Connections, slot: string, witness: SlotWitness, at = Date.now()): void {
  const all = known.get(connections) ?? new Map<string, Known>();
  known.set(connections, all);
  all.set(slot, { at, witness });
}

/** When the log was read for it stays as it was. */
function amend(connections: Connections, slot: string, witness: SlotWitness): void {
  const at = known.get(connections)?.get(slot)?.at;
  remember(connections, slot, witness, at);
}

/** What `serve` has written down of this reader. */
const noted = (note: Note, reader: SlotReader): SlotWitness | null =>
  note == null || note.reader === null || note.reader !== readerOf(reader)
    ? null
    : { ...note, came: reader.since, unread: null };

/** What is known of before stays so while nobody reads: a stream may be held in between, for longer than a log is kept. */
const ofNobody = (note: Note): SlotWitness | null =>
  note?.move == null ? null : { ...note, reader: null, came: null, unread: null };

/** What was written down of the readers before, where the log that was read now reaches back to it without a gap. */
function afterNote(note: Note, fresh: SlotWitness): SlotWitness {
  if (note === undefined) return fresh;
  const move = lastOf([note.move, fresh.move]);
  if (fresh.unread !== null) return { ...fresh, since: note.since, until: note.until, move };
  const joined = note.until !== null && fresh.since !== null && Date.parse(note.until) >= Date.parse(fresh.since);
  return { ...fresh, since: joined ? note.since : fresh.since, move };
}

type Note = HeartbeatMark['witness'];

function noteOf(contract: SourceContract, source: SourceObservation, of: StreamOf): Note {
  const comment = heartbeatOf(contract, source, of)?.comment ?? null;
  return ownMark(comment, 'heartbeat', contract.environment)?.witness;
}
