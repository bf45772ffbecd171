import { parseCidr } from '../../contract/cidr';
import { vpcCidrs, wayOf } from '../../environments/network';
import type { Environment } from '../../environments/schema';
import type { Account, World } from './world';

/** The gateway of an environment that says the way is there, and not what it is. */
const GATEWAY = 'tgw-0c33333333333333e';

/** What connects the two VPCs before Terraform comes, where the environment says that something does. */
export function addWay(world: World, environment: Environment): void {
  const way = wayOf(environment);
  const { source, target } = environment;
  if (way.kind === 'peering') {
    const end = (side: typeof source | typeof target) => ({ accountId: side.accountId, vpcId: side.network.vpcId });
    world.peerings[way.id] = {
      id: way.id,
      // Asked for by the other side than that of a new one, as it may be.
      requester: end(target),
      accepter: { ...end(source), region: world.region },
      status: 'active',
      tags: {},
    };
  }
  if (way.kind === 'transit-gateway') attach(world, environment, way.id);
  if (way.kind !== 'existing') return;
  attach(world, environment, GATEWAY);
  lead(world.accounts[source.accountId]!, source.network.routeTableIds, vpcCidrs(target.network));
  lead(world.accounts[target.accountId]!, target.network.routeTableIds, vpcCidrs(source.network));
}

/** By whoever has the VPC. */
function attach(world: World, { source, target }: Environment, id: string): void {
  const former = Object.values(world.transitGateways?.[id]?.attachments ?? {});
  const ends = [source, target].filter(({ network }) => !former.some(({ vpcId }) => vpcId === network.vpcId));
  const attachments = ends.map(({ accountId, network }, index) => ({
    id: `tgw-attach-0c3333333333333f${former.length + index}`,
    accountId: network.vpcOwnerId ?? accountId,
    vpcId: network.vpcId,
    state: 'available',
  }));
  const gateway = { id, attachments: Object.fromEntries([...former, ...attachments].map((one) => [one.id, one])) };
  Object.assign(world, { transitGateways: { ...world.transitGateways, [id]: gateway } });
}

function lead(account: Account, tables: readonly string[], cidrs: readonly string[]): void {
  for (const table of tables)
    account.routeTables[table]!.routes.push(...cidrs.map((cidr) => ({ cidr, transitGatewayId: GATEWAY })));
}

/** The block of a subnet of which nobody says it: the next one of the VPC. */
export function subnetBlock(vpcCidr: string, index: number): string {
  const { first, prefix } = parseCidr(vpcCidr)!;
  const own = Math.min(28, Math.max(24, prefix + 2));
  const address = first + index * 2 ** (32 - own);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${own}`;
}
