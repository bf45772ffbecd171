import { Live } from '../../../sql-runner/actions/live';
import { LiveLook } from '../../../sql-runner/actions/live-look';
import { listen } from '../../../sql-runner/commands/serve-listen';
import { openConnections } from '../../../sql-runner/connections/open';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { exposition } from '../../sql-runner/support/exposition';

/** What `sql-runner serve` tells whoever asks over HTTP, with looks close enough for a test to wait for them. */
export async function serve(world: DirectLab) {
  const looking = new LiveLook(openConnections, () => Promise.resolve(world.contracts), world.contracts, {
    read: 1_000,
    whole: 2_000,
  });
  const live = new Live(looking, 0.5);
  const { server, url } = await listen(live, { host: '127.0.0.1', port: 0 });
  const ended = live.run(() => server.listening);
  const metrics = async () => exposition(await (await fetch(`${url}/metrics`)).text());
  return {
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
