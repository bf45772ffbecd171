import { OperatorError } from '../../../errors/operator-error';
import type { StreamOf } from '../../model/streams';
import type { AddingTo } from '../../model/table-operations';
import { slotReaders } from '../../postgres/catalog/senders';
import type { Execution } from '../execution';
import { waitFor } from '../wait';
import { awaitApplied } from './await-applied';
import { endWorker } from './end-worker';

/** A sender that nobody listens to any more notices at its next message; a worker starts within wal_retrieve_retry_interval. */
const SENDER_MS = 60_000;

/**
 * Has the sender of a stream begin anew, once all is applied that was written up to now: what it decodes from then on it
 * looks up as it is now. One that began again with what is older would take up what is older with it.
 */
export async function renewSender(stream: AddingTo, of: StreamOf, execution: Execution): Promise<void> {
  await awaitApplied(of, execution);
  const readers = () =>
    execution.connections.use(of.publisher, async (session) =>
      (await slotReaders(session)).flatMap(({ slot, pid }) => (slot === stream.slot && pid !== null ? [pid] : [])),
    );
  const before = await readers();
  const isEnded = await endWorker(stream, execution);
  // Begun before a slot for a copy is there, of which nothing tells that its own is no copy.
  const isAnew = async () => {
    const now = await readers();
    return now.length > 0 && now.every((pid) => !before.includes(pid)) ? true : null;
  };
  if (isEnded && (await waitFor(isAnew, SENDER_MS)) !== null) return;
  throw new OperatorError({
    code: 'NEW_TABLE_NOT_COPIED',
    seen: `the apply worker of subscription ${stream.subscription} in database ${of.database}, or its sender, was not another one after ${SENDER_MS / 1_000} s`,
    why: 'before PostgreSQL 15 a sender may take a partition for unpublished that it has known before; nothing of it was copied',
    next: 'run the same command again, which goes on where it stands',
  });
}
