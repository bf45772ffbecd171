import type { Budget } from '../../../contract/contract';
import { BudgetKeeper } from '../../../sql-runner/actions/budget-keeper';
import { Live } from '../../../sql-runner/actions/live';
import { LiveLook } from '../../../sql-runner/actions/live-look';
import { PendingPlan } from '../../../sql-runner/actions/pending-plan';
import { RunsSeen } from '../../../sql-runner/actions/runs-seen';
import { listen } from '../../../sql-runner/commands/serve-listen';
import { following, servedBy } from '../../../sql-runner/commands/serve-served';
import { openConnections } from '../../../sql-runner/connections/open';
import type { Outbox } from '../../../sql-runner/events/outbox';
import { Past } from '../../../sql-runner/past/past';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { exposition } from '../../sql-runner/support/exposition';

/** What `sql-runner serve` tells whoever asks over HTTP, with looks close enough for a test to wait for them. */
export async function serve(world: DirectLab, budget: Budget | null = null, outboxes: readonly Outbox[] = []) {
  const logged: string[] = [];
  const contracts = () => ({ ...world.contracts, source: { ...world.contracts.source, budget } });
  const looking = new LiveLook(openConnections, () => Promise.resolve(contracts()), contracts(), {
    read: 1_000,
    whole: 2_000,
  });
  const live = new Live(looking, 0.5);
  const plan = new PendingPlan(() => looking.plan(), 1);
  const runs = new RunsSeen(openConnections, () => looking.outputs, Date.now(), 500);
  const parts = { live, looking, past: new Past(null), plan, runs, interval: 0.5, outboxes };
  const keeper = new BudgetKeeper(openConnections, (line) => logged.push(line), 500);
  const { server, url } = await listen(servedBy({ ...parts, budget: keeper }), { host: '127.0.0.1', port: 0 });
  const goesOn = () => server.listening;
  const ended = Promise.all([live.run(goesOn), following({ ...parts, budget: keeper }).run(goesOn)]);
  const metrics = async () => exposition(await (await fetch(`${url}/metrics`)).text());
  return {
    url,
    logged,
    metrics,
    /** Of shop and of ledger. */
    healthy: async () => (await metrics()).values('acas_stream_healthy').map(({ value }) => value === 1),
    ready: async () => (await fetch(`${url}/readyz`)).status,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await ended;
      await looking.close();
    },
  };
}
