import type { Side } from '../../../lab/lab';
import { serve } from '../../lab/operators/served';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION, type BrokenWorld } from '../broken-world';
import { SwallowingLink } from '../swallowing-link';

let link: SwallowingLink;
/** In the order in which they were opened. */
let links: readonly SwallowingLink[] = [];

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

const clusterOf = ({ lab }: BrokenWorld, side: Side) =>
  (side === 'source' ? lab.contracts.source : lab.contracts.target!).cluster;

/** sql-runner reaches these sides by the links alone. */
async function askBy(world: BrokenWorld, sides: readonly Side[], ports: readonly number[]): Promise<void> {
  for (const [index, side] of sides.entries()) Object.assign(clusterOf(world, side), { port: ports[index] });
  await world.served.stop();
  await world.endSessions();
  world.served = await serve(world.lab);
}

/** Packets that get lost, where nobody is refused anything. */
const unanswered = (name: string, sides: readonly Side[], more: Pick<Breakage, 'states' | 'causes'>): Breakage => ({
  name,
  silent: true,
  restarted: false,
  breaks: async (world) => {
    links = await Promise.all(sides.map((side) => SwallowingLink.open(clusterOf(world, side).port)));
    const ports = links.map(({ port }) => port);
    await askBy(world, sides, ports);
    await world.servedWell();
    for (const one of links) one.swallow();
    await world.write();
  },
  byHand: () => Promise.resolve(links.forEach((one) => one.restore())),
  afterwards: async (world) => {
    await askBy(
      world,
      sides,
      links.map(({ to }) => to),
    );
    await Promise.all(links.map((one) => one.close()));
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
  unanswered('clone does not answer', ['clone'], { states: ['clone not reached'], causes: ['CONNECT_TIMEOUT'] }),
  unanswered('source does not answer', ['source'], { states: ['not read'], causes: ['CONNECT_TIMEOUT'] }),
  unanswered('neither side answers', ['source', 'clone'], { states: ['not read'], causes: ['CONNECT_TIMEOUT'] }),
];
