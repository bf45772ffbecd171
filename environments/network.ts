import type { Maker } from '../contract/production';
import type { Environment } from './schema';

/** What leads from the one VPC to the other. */
export type Way =
  | { readonly kind: 'new-peering' }
  | { readonly kind: 'peering'; readonly id: string }
  | { readonly kind: 'transit-gateway'; readonly id: string }
  /** Neither stack knows what. */
  | { readonly kind: 'existing' };

export function wayOf({ network }: Environment): Way {
  switch (network.mode) {
    case 'existing':
      return { kind: 'existing' };
    case 'transit-gateway':
      // rules/network.ts refuses the file without it.
      return { kind: 'transit-gateway', id: network.transitGatewayId! };
    case 'peering': {
      const { peeringConnectionId: id } = network;
      return id === undefined ? { kind: 'new-peering' } : { kind: 'peering', id };
    }
  }
}

/** Who makes what lets the clone in and leads to it; where the way is there, so is the rest, unless the file says else. */
export function makersOf({ source: { manage }, network }: Environment): Record<'securityGroupRules' | 'routes', Maker> {
  const otherwise = network.mode === 'existing' ? 'owner' : 'stack';
  return { securityGroupRules: manage.securityGroupRules ?? otherwise, routes: manage.routes ?? otherwise };
}

interface Blocks {
  readonly vpcCidr: string;
  readonly secondaryCidrs: readonly string[];
}

/** All blocks of a VPC, its first one first. */
export const vpcCidrs = ({ vpcCidr, secondaryCidrs }: Blocks): string[] => [vpcCidr, ...secondaryCidrs];

/** Where the clone can be: in its subnets where they are stated, else anywhere in its VPC. */
export function cloneCidrs({ target: { network } }: Environment): readonly string[] {
  return network.subnetCidrs ?? vpcCidrs(network);
}
