import type { Side } from '../../../lab/lab';
import { serve } from '../../lab/operators/served';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION, type BrokenWorld } from '../broken-world';
import { SwallowingLink } from '../swallowing-link';

let link: SwallowingLink;

/** The clone reads production by another port; nobody has touched anything, as far as sql-runner knows. */
async function readBy(world: BrokenWorld, port: number): Promise<void> {
  const [row] = await world.asAdmin(
    'clone',
    `SELECT subconninfo FROM pg_subscription WHERE subname = '${SUBSCRIPTION}'`,
  );
  const conninfo = String(row!.subconninfo).replace(/\bport=\S+/, `port=${port}`);
  await world.asAdmin('clone', `ALTER SUBSCRIPTION ${SUBSCRIPTION} CONNECTION '${conninfo.replaceAll("'", "''")}'`);
  await world.follow(['apply', 'demo']);
}

/** sql-runner reaches a side by the link alone. */
async function askBy(world: BrokenWorld, side: Side, port: number): Promise<void> {
  const { source, target } = world.lab.contracts;
  const { cluster } = side === 'source' ? source : target!;
  Object.assign(cluster, { port });
  await world.served.stop();
  await world.endSessions();
  world.served = await serve(world.lab);
}

/** Packets that get lost, where nobody is refused anything. */
const unanswered = (side: Side, more: Pick<Breakage, 'states' | 'causes'>): Breakage => ({
  name: `${side} does not answer`,
  restarted: false,
  breaks: async (world) => {
    const { source, target } = world.lab.contracts;
    const { port } = (side === 'source' ? source : target!).cluster;
    link = await SwallowingLink.open(port);
    await askBy(world, side, link.port);
    await world.servedWell();
    link.swallow();
    await world.write();
  },
  byHand: () => Promise.resolve(link.restore()),
  afterwards: async (world) => {
    await askBy(world, side, link.to);
    await link.close();
  },
  ...more,
});

export const NETWORK_ROWS: readonly Breakage[] = [
  {
    name: 'packets of the source get lost',
    states: ['no progress seen', 'cut off', 'stopped'],
    causes: ['APPLY_WORKER_SILENT', 'STREAM_NOT_STREAMING', 'APPLY_WORKER_STOPPED'],
    breaks: async (world) => {
      link = await SwallowingLink.open(world.lab.contracts.source.cluster.port);
      await readBy(world, link.port);
      link.swallow();
      await world.write();
    },
    byHand: () => Promise.resolve(link.restore()),
    afterwards: async (world) => {
      await readBy(world, link.to);
      await link.close();
    },
  },
  unanswered('clone', { states: ['clone not reached'], causes: ['CONNECT_TIMEOUT'] }),
  unanswered('source', { states: ['not read'], causes: ['CONNECT_TIMEOUT'] }),
];
