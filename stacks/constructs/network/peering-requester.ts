import { VpcPeeringConnection } from '@cdktf/provider-aws/lib/vpc-peering-connection';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/** Its address: of another way the state forgets it, as a stream may still go over it; see handed-over.ts. */
export const NEW_PEERING = 'aws_vpc_peering_connection.peering';

/** Asks the target account for a peering of the two VPCs; its stack accepts. */
export function peeringRequester(scope: Construct, environment: Environment): VpcPeeringConnection {
  return new VpcPeeringConnection(scope, 'peering', {
    vpcId: environment.source.network.vpcId,
    peerVpcId: environment.target.network.vpcId,
    peerOwnerId: environment.target.accountId,
    autoAccept: false,
    tags: { Name: objectName(environment.name, 'peering') },
  });
}
