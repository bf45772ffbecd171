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
export async function drain({ streams }: Extract<Operation, { kind: 'drain' }>, execution: Execution): Promise<void> {
  const { connections, listener, patience } = execution;
  const beats = await sendBeats(execution, streams);
  const done = await waitInSync(connections, streams, patience?.timeoutMs ?? LONGEST_MS, listener, {
    beats,
    interrupted: patience?.interrupted ?? (() => false),
    refuseLeft: () => Promise.resolve(),
  });
  if (done === null) throw new GaveUp();
}
