import { DataAwsVpcPeeringConnections } from '@cdktf/provider-aws/lib/data-aws-vpc-peering-connections';
import { VpcPeeringConnection } from '@cdktf/provider-aws/lib/vpc-peering-connection';
import type { Precondition } from 'cdktf';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/** Its address: of another way the state forgets it, as a stream may still go over it; see handed-over.ts. */
export const NEW_PEERING = 'aws_vpc_peering_connection.peering';

/**
 * Asks the target account for a peering of the two VPCs; its stack accepts. One that is replaced goes only once the other
 * is there and the routes lead into it: a request that AWS refuses leaves the former one, and what goes over it.
 *
 * @param active expression for the ids of the peering of the two VPCs, where it is active
 */
export function peeringRequester(scope: Construct, environment: Environment, active: string): VpcPeeringConnection {
  return new VpcPeeringConnection(scope, 'peering', {
    vpcId: environment.source.network.vpcId,
    peerVpcId: environment.target.network.vpcId,
    peerOwnerId: environment.target.accountId,
    autoAccept: false,
    lifecycle: { createBeforeDestroy: true, precondition: [betweenTheseTwo(scope, environment, active)] },
    tags: { Name: nameOf(environment) },
  });
}

const nameOf = ({ name }: Environment): string => objectName(name, 'peering');

/**
 * A VPC of another id means another peering, which carries nothing before it is accepted, and the end of this one. This
 * account cannot see whether the id is that of the clone's VPC; it sees what the peering is of that a stream goes over.
 */
function betweenTheseTwo(scope: Construct, environment: Environment, active: string): Precondition {
  const ours = new DataAwsVpcPeeringConnections(scope, 'own-peering', {
    filter: [
      { name: 'tag:Name', values: [nameOf(environment)] },
      { name: 'status-code', values: ['active'] },
    ],
  });
  const ids = `data.aws_vpc_peering_connections.${ours.friendlyUniqueId}.ids`;
  const { source, target } = environment;
  return {
    condition: `\${length(${ids}) == 0 || length(${active}) > 0}`,
    errorMessage: `The peering \${join(", ", ${ids})} of this environment is active, and not one of ${source.network.vpcId} with ${target.network.vpcId}: to replace it would end it, with all that goes over it. Correct source.network.vpcId or target.network.vpcId and run npm run synth. To move to another VPC, take the environment down first (docs/networks.md).`,
  };
}
