import { applyWorkers } from '../postgres/catalog/apply-workers';
import { slotReaders } from '../postgres/catalog/senders';
import type { Plan } from '../model/plan';
import { streamsOf, type StreamOf } from '../model/streams';
import type { Execution } from './execution';
import { waitFor } from './wait';

/** A worker that was disabled ends after the transaction that it applies; as long is waited for it elsewhere. */
const END_MS = 60_000;
/** Its sender, once it has noticed. Who reads the slot for longer is somebody else. */
const SENDER_MS = 5_000;

/**
 * Waits until what was disabled stands still: between two looks of a worker that is about to end, the positions that a plan
 * has found would be those of before, and the guards of what enables it would take its last step for somebody else's.
 * @returns whether there was any such stream, so that the plan is to be made anew
 */
export async function untilDisabledEnded(execution: Execution, { changes }: Plan): Promise<boolean> {
  const { connections, listener, interrupted } = execution;
  const enabled = changes.flatMap(({ address }) => (address.kind === 'subscription-enabled' ? [address.name] : []));
  const streams = streamsOf(connections.contracts.source).filter(({ stream }) => enabled.includes(stream.subscription));
  if (streams.length === 0) return false;
  let worked = Date.now();
  let waited = false;
  await waitFor(async () => {
    const moving = await whatMoves(execution, streams);
    if (moving === 'worker') worked = Date.now();
    if (moving === null || interrupted() || Date.now() - worked >= SENDER_MS) return true;
    if (!waited) listener({ type: 'waiting', for: 'the worker of a subscription that was disabled to end' });
    waited = true;
    return null;
  }, END_MS);
  return waited;
}

/** null: nothing. Before its first run a stream has no worker, and nobody reads its slot. */
async function whatMoves(
  { connections }: Execution,
  streams: readonly StreamOf[],
): Promise<'worker' | 'sender' | null> {
  const [clone, source] = [streams[0]!.subscriber, streams[0]!.publisher];
  const reading = connections.reading();
  const workers = await reading.again(clone, applyWorkers);
  const isOf =
    ({ database, stream }: StreamOf) =>
    (one: (typeof workers)[number]) =>
      one.database === database && one.subscription === stream.subscription && !one.enabled && one.pid !== null;
  if (streams.some((of) => workers.some(isOf(of)))) return 'worker';
  const readers = await reading.again(source, slotReaders);
  const isRead = ({ stream }: StreamOf) => readers.some(({ slot, active }) => slot === stream.slot && active);
  return streams.some(isRead) ? 'sender' : null;
}
