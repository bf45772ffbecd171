import { answeredIn } from '../connections/no-answer';
import type { Reading } from '../connections/reading';
import type { Side } from '../../contract/contract';
import type { Place } from '../model/address';
import { type StreamOf, streamsOf } from '../model/streams';
import type { StreamLook } from '../model/survey';
import { applyWorkers } from '../postgres/catalog/apply-workers';
import { slotReaders } from '../postgres/catalog/senders';
import { currentFlushLsn } from '../postgres/catalog/server';

/** Streams as they stood before all else was read. */
export interface EarlyLook {
  readonly at: number;
  readonly looks: readonly StreamLook[];
}

/** Of fewer, all else is read so soon that a look before it is not worth what it asks of production. */
const MANY_STREAMS = 8;

/**
 * A look to begin with: what is waited for, as another try of a worker, may pass while all else is read.
 * @returns null: there are few streams, or no clone, or a side cannot be read; whoever reads there for its own sake says
 * why
 */
export async function lookEarly(reading: Reading, many = MANY_STREAMS): Promise<EarlyLook | null> {
  const streams = streamsOf(reading.contracts.source);
  if (reading.contracts.target === null || streams.length < many) return null;
  try {
    const [source, target] = await Promise.all([reading.first('source'), reading.first('target')]);
    const at = Date.now();
    return { at, looks: await lookFromPlaces(reading, { source, target }, streams) };
  } catch {
    return null;
  }
}

/**
 * The position of the source first: what is confirmed afterwards can be measured by it.
 * @param withinMs so soon each of the three answers must be there
 * @throws NoAnswer of the side that says nothing
 */
export function lookOnce(
  reading: Reading,
  database: string,
  streams: readonly StreamOf[],
  withinMs?: number,
): Promise<StreamLook[]> {
  const places = { source: { side: 'source', database }, target: { side: 'target', database } } as const;
  return lookFromPlaces(reading, places, streams, withinMs);
}

/** Of all databases, by one of each side. */
async function lookFromPlaces(
  reading: Reading,
  { source, target }: Readonly<Record<Side, Place>>,
  streams: readonly StreamOf[],
  withinMs?: number,
): Promise<StreamLook[]> {
  const soon = <T>({ side }: Place, asked: Promise<T>) =>
    withinMs === undefined ? asked : answeredIn(withinMs, side, asked);
  const flushLsn = await soon(source, reading.again(source, currentFlushLsn));
  const [workers, readers] = await Promise.all([
    soon(target, reading.again(target, applyWorkers)),
    soon(source, reading.again(source, slotReaders)),
  ]);
  return streams.map(({ database, stream }) => ({
    flushLsn,
    reader: readers.find(({ slot }) => slot === stream.slot) ?? null,
    worker:
      workers.find((worker) => worker.database === database && worker.subscription === stream.subscription) ?? null,
  }));
}
