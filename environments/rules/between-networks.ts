import { parseCidr, rangesOverlap } from '../../contract/cidr';
import { cloneCidrs, makersOf, vpcCidrs, wayOf } from '../network';
import type { Environment } from '../schema';
import type { Conflict } from './conflict';

/** What two VPCs, a route table or a security group have only once. Two peerings of the same VPCs are one thing to mend. */
export function networkConflicts(former: Environment, later: Environment): Conflict[] {
  const peerings = samePeering(former, later);
  if (peerings.length > 0) return peerings;
  const away = routes(former, later, 'source');
  const isOneWay = sameVpc(former, later, 'source') && sameVpc(former, later, 'target');
  // Who goes there comes back.
  const back = isOneWay && away.length > 0 ? [] : routes(former, later, 'target');
  const taken = [...away, ...back];
  return taken.length > 0 ? taken : rules(former, later);
}

function samePeering(former: Environment, later: Environment): Conflict[] {
  const areNew = [former, later].every((environment) => wayOf(environment).kind === 'new-peering');
  if (!areNew || !sameVpc(former, later, 'source') || !sameVpc(former, later, 'target')) return [];
  return [
    {
      code: 'PEERING_TWICE',
      seen: `${former.name} peers ${later.source.network.vpcId} with ${later.target.network.vpcId} already.`,
      why: 'AWS has one peering of two VPCs, and one route to an address range in a route table.',
      next: 'Put one of the two clones into another VPC, with an address range of its own; or write network.mode: existing here, and the clone goes the way that there is.',
      path: ['target', 'network', 'vpcId'],
      otherPath: ['target', 'network', 'vpcId'],
    },
  ];
}

const sameVpc = (former: Environment, later: Environment, side: 'source' | 'target'): boolean =>
  former[side].network.vpcId === later[side].network.vpcId;

/** Whether the stack makes routes; of those of the target nobody else can be said to. */
function makesRoutes(environment: Environment, side: 'source' | 'target'): boolean {
  const { kind } = wayOf(environment);
  return kind !== 'existing' && (side === 'target' || makersOf(environment).routes === 'stack');
}

/** In a route table of one side, two ways to addresses of the other side. */
function routes(former: Environment, later: Environment, side: 'source' | 'target'): Conflict[] {
  const far = side === 'source' ? 'target' : 'source';
  const blocks = sharedBlocks(former[far].network, later[far].network);
  if (blocks === undefined) return [];
  const isOneWay = sameVpc(former, later, far);
  // One route is enough for both; two in one table AWS refuses.
  if (isOneWay && ![former, later].every((environment) => makesRoutes(environment, side))) return [];
  const [tables, others] = [later, former].map((environment) => environment[side].network.routeTableIds);
  return tables!.flatMap((table, index) => {
    const otherIndex = others!.indexOf(table);
    if (otherIndex < 0) return [];
    const conflict: Conflict = {
      code: 'ROUTE_TAKEN',
      seen: `${table} gets a route to ${blocks[0]} from ${former.name} and one to ${blocks[1]} from here.`,
      why: isOneWay
        ? 'A route table has one route to an address range, and the second deploy would fail.'
        : 'Of two routes to the same addresses AWS takes one or the narrower, and packets of one of the two streams would go to the other’s VPC.',
      next: isOneWay
        ? 'Write network.mode: existing here: the clone goes the way that there is.'
        : `Put one of them into a VPC whose addresses do not overlap, and correct ${far}.network.vpcCidr.`,
      path: [side, 'network', 'routeTableIds', index],
      otherPath: [side, 'network', 'routeTableIds', otherIndex],
    };
    return [conflict];
  });
}

/** The first block of each that overlaps with one of the other. */
function sharedBlocks(one: Network, other: Network): readonly [string, string] | undefined {
  for (const block of vpcCidrs(one)) {
    const found = vpcCidrs(other).find((candidate) => overlap(block, candidate));
    if (found !== undefined) return [block, found];
  }
  return undefined;
}

type Network = Parameters<typeof vpcCidrs>[0];

function overlap(one: string, other: string): boolean {
  const [first, second] = [parseCidr(one), parseCidr(other)];
  return first !== undefined && second !== undefined && rangesOverlap(first, second);
}

/** EC2 refuses a rule that a group has already, whoever made it. */
function rules(former: Environment, later: Environment): Conflict[] {
  const areMade = [former, later].every((environment) => makersOf(environment).securityGroupRules === 'stack');
  const cidr = cloneCidrs(later).find((one) => cloneCidrs(former).includes(one));
  if (!areMade || cidr === undefined) return [];
  const [groups, others] = [later, former].map(({ source }) => source.network.securityGroupIds);
  const group = groups!.find((one) => others!.includes(one));
  if (group === undefined) return [];
  return [
    {
      code: 'RULE_TAKEN',
      seen: `${group} gets a rule for ${cidr} from ${former.name} already.`,
      why: 'A security group has one rule for the same addresses and port, and the second deploy would fail.',
      next: 'Write source.manage.securityGroupRules: owner here: the rule that there is lets this clone in as well.',
      path: ['source', 'network', 'securityGroupIds', groups!.indexOf(group)],
      otherPath: ['source', 'network', 'securityGroupIds', others!.indexOf(group)],
    },
  ];
}
