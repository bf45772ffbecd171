import { OperatorError } from '../../environments/operator-error';
import { judgeContinuity } from '../resources/continuity';
import { streamDoubts } from '../resources/verify-scope';
import type { StreamOf } from './change';
import type { Connections } from './connections';
import { observe } from './observe';

/**
 * Somebody may have altered something between the plan and the moment at which
 * everything has arrived: "in sync" is said of what is there by now.
 *
 * @throws OperatorError CONTINUITY_NOT_PROVEN
 */
export async function refuseLateDoubts(connections: Connections, streams: readonly StreamOf[]): Promise<void> {
  const { source: contract } = connections.contracts;
  const observation = await observe(connections);
  const doubts = streams.flatMap((of) => {
    const continuity = judgeContinuity(contract, observation, of);
    return [
      ...(continuity?.kind === 'not proven' ? [continuity.seen] : []),
      ...streamDoubts(contract, observation, of),
    ];
  });
  if (doubts.length === 0) return;
  throw new OperatorError({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: `everything has arrived, but meanwhile something was altered: ${[...new Set(doubts)].join('; ')}`,
    why: 'what was left out while it was so the clone does not have',
    next: `sql-runner apply ${contract.environment} puts right what can be, and compares every row where only the rows can tell`,
  });
}
