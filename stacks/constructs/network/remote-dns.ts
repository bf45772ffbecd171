import { DataAwsVpcPeeringConnections } from '@cdktf/provider-aws/lib/data-aws-vpc-peering-connections';
import { VpcPeeringConnectionOptions } from '@cdktf/provider-aws/lib/vpc-peering-connection-options';
import type { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';

/**
 * Names of the source VPC mean its private addresses in the target VPC. That is an option of the requester, which only
 * its own account sets, and only once the peering is active (VPC peering guide, "Enable DNS resolution"): so for each
 * active peering of the two VPCs there is one, and before the target stack accepts it there is none.
 */
export function remoteDns(scope: Construct, { source, target }: Environment): void {
  const active = new DataAwsVpcPeeringConnections(scope, 'active-peering', {
    filter: [
      { name: 'requester-vpc-info.vpc-id', values: [source.network.vpcId] },
      { name: 'accepter-vpc-info.vpc-id', values: [target.network.vpcId] },
      { name: 'status-code', values: ['active'] },
    ],
  });
  const options = new VpcPeeringConnectionOptions(scope, 'peering-options', {
    vpcPeeringConnectionId: '${each.value}',
    requester: { allowRemoteVpcDnsResolution: true },
  });
  options.addOverride('for_each', `\${toset(data.aws_vpc_peering_connections.${active.friendlyUniqueId}.ids)}`);
}
