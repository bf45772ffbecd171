import { OperatorError } from '../../../errors/operator-error';
import type { StreamOf } from '../../model/streams';
import { currentFlushLsn } from '../../postgres/catalog/server';
import { replicationSlots } from '../../postgres/catalog/slots';
import { compareLsn } from '../../postgres/text/lsn';
import type { Execution } from '../execution';
import { haveArrived, sendBeats } from '../heartbeat';
import { SyncTrouble } from '../sync-trouble';
import { waitFor } from '../wait';

const LONGEST_MS = 600_000;

/**
 * Waits until the clone has applied whatever the source had written when the wait began. Unlike a drain it asks nothing of
 * the stream's history: of what is copied whole it does not matter what was skipped before.
 */
export async function awaitApplied(of: StreamOf, execution: Execution): Promise<void> {
  const { connections, patience } = execution;
  const beats = await sendBeats(execution, [of]);
  const goal = await connections.use(of.publisher, currentFlushLsn);
  const trouble = new SyncTrouble(connections, [of], execution.listener);
  execution.listener({ type: 'waiting', for: `the clone to apply what is older in database ${of.database}` });
  // 0: the run is not to wait until all is in sync in the end; what depends on this waits for it all the same.
  const limit = patience === undefined || patience.timeoutMs === 0 ? LONGEST_MS : patience.timeoutMs;
  const look = async () => {
    const dead = trouble.dead();
    if (dead !== null) throw notApplied(of, execution, dead.join('; '));
    const slots = await connections.use(of.publisher, replicationSlots);
    const confirmed = slots.find(({ name }) => name === of.stream.slot)?.confirmedFlushLsn ?? '0/0';
    if (compareLsn(confirmed, goal) >= 0 && (await haveArrived(connections, beats))) return 'applied';
    trouble.lookAgain();
    return null;
  };
  const done = await waitFor(look, limit, undefined, () => patience?.interrupted() ?? execution.interrupted());
  if (done === null) throw notApplied(of, execution, `it took longer than ${Math.round(limit / 1_000)} s`);
}

function notApplied({ database, stream }: StreamOf, { connections }: Execution, said: string): OperatorError {
  const { environment } = connections.contracts.source;
  return new OperatorError({
    code: 'NOT_IN_SYNC',
    seen: `the clone has not applied what the source had written in database ${database} by subscription ${stream.subscription}: ${said}`,
    why: 'what this change does comes after that; nothing of it was made',
    next: `sql-runner doctor ${environment} says what keeps the stream; then run the same command again`,
  });
}
