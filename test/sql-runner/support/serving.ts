import { BudgetKeeper } from '../../../sql-runner/actions/budget-keeper';
import { once } from 'node:events';
import { Live } from '../../../sql-runner/actions/live';
import { PendingPlan } from '../../../sql-runner/actions/pending-plan';
import { RunsSeen } from '../../../sql-runner/actions/runs-seen';
import type { WatchSample } from '../../../sql-runner/actions/watch';
import { listen } from '../../../sql-runner/commands/serve-listen';
import { following, servedBy, type ServeParts } from '../../../sql-runner/commands/serve-served';
import { Past } from '../../../sql-runner/past/past';
import { sourceContract } from './contract';

export const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** What serve is made of, over looks that the test gives; nothing is kept on disk, no plan is made, no history read. */
export function partsOf(
  sample: () => Promise<WatchSample>,
  databases: readonly string[] = ['shop', 'ledger'],
  past = new Past(null),
): ServeParts {
  const looking = { source: sourceContract(databases), outputsAt: new Date(), sample };
  const nothing = () => Promise.reject(new Error('no plan is to be made'));
  const nothingOpened = (): never => {
    throw new Error('nothing is opened');
  };
  const plan = new PendingPlan(nothing, 0);
  return {
    live: new Live(looking, 10),
    looking,
    past,
    plan,
    runs: new RunsSeen(nothingOpened, () => ({ source: looking.source, target: null })),
    interval: 10,
    outboxes: [],
    budget: new BudgetKeeper(nothingOpened, () => undefined),
  };
}

/** One look, as serve takes in what it saw. */
export async function lookOnce(parts: ServeParts, follow = following(parts)): Promise<void> {
  await parts.live.lookOnce();
  follow.once();
}

/** A server of it, which the test may end before its end. */
export async function serving(parts: ServeParts) {
  const { url, server } = await listen(servedBy(parts), LOOPBACK);
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url, server, stop };
}
