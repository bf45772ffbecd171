import { DataAwsVpcPeeringConnections } from '@cdktf/provider-aws/lib/data-aws-vpc-peering-connections';
import type { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';

/** Expression for the ids of the peering of the two VPCs that this account asked for, once it is active; one at most. */
export function activePeering(scope: Construct, { source, target }: Environment): string {
  const active = new DataAwsVpcPeeringConnections(scope, 'active-peering', {
    filter: [
      { name: 'requester-vpc-info.vpc-id', values: [source.network.vpcId] },
      { name: 'accepter-vpc-info.vpc-id', values: [target.network.vpcId] },
      { name: 'status-code', values: ['active'] },
    ],
  });
  return `data.aws_vpc_peering_connections.${active.friendlyUniqueId}.ids`;
}
