import type { Operation } from '../../model/change';
import { GaveUp, type Execution } from '../execution';
import { sendBeats } from '../heartbeat';
import { waitInSync } from '../in-sync';

const LONGEST_MS = 600_000;

/**
 * What production has written up to now is proven to be on the clone before anything is disabled: a stream that is
 * stuck is found here, and goes on being tried.
 * @throws GaveUp where the operator has asked to stop: then nothing is proven
 */
export async function drain(
  { streams, onTheWay }: Extract<Operation, { kind: 'drain' }>,
  execution: Execution,
): Promise<void> {
  const { connections, patience } = execution;
  const beats = await sendBeats(execution, streams);
  const listener: Execution['listener'] = (event) => {
    if (onTheWay !== true || event.type !== 'in-sync') execution.listener(event);
  };
  // 0: the run is not to wait until all is in sync in the end; what depends on this waits for it all the same.
  const limit = patience === undefined || patience.timeoutMs === 0 ? LONGEST_MS : patience.timeoutMs;
  const done = await waitInSync(connections, streams, limit, listener, {
    beats,
    interrupted: patience?.interrupted ?? (() => false),
    refuseLeft: () => Promise.resolve(),
  });
  if (done === null) throw new GaveUp();
}
