import { VpcPeeringConnectionOptions } from '@cdktf/provider-aws/lib/vpc-peering-connection-options';
import type { Construct } from 'constructs';

/** Its address: where the file says nothing of it the state forgets it, as AWS keeps an option that nobody turns off. */
export const REMOTE_DNS = 'aws_vpc_peering_connection_options.peering_options';

/**
 * Names of the source VPC mean its private addresses in the target VPC, or they do not. That is an option of the
 * requester, which only its own account sets, and only once the peering is active (VPC peering guide, "Enable DNS
 * resolution"): so for each active peering of the two VPCs there is one, and before the target stack accepts it there is
 * none. To destroy it would change nothing in AWS (vpc_peering_connection_options.go, delete).
 *
 * @param active expression for the ids of the peering of the two VPCs, where it is active
 */
export function remoteDns(scope: Construct, allowed: boolean, active: string): void {
  const options = new VpcPeeringConnectionOptions(scope, 'peering-options', {
    vpcPeeringConnectionId: '${each.value}',
    requester: { allowRemoteVpcDnsResolution: allowed },
  });
  options.addOverride('for_each', `\${toset(${active})}`);
}
