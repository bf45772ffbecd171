import { DataAwsVpcPeeringConnections } from '@cdktf/provider-aws/lib/data-aws-vpc-peering-connections';
import { VpcPeeringConnectionAccepterA } from '@cdktf/provider-aws/lib/vpc-peering-connection-accepter';
import type { Precondition } from 'cdktf';
import type { Construct } from 'constructs';
import { objectName, stackNames } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/**
 * That the peering is offered to this account, or accepted. A request ends after seven days, and so does the invitation
 * of the share that was sent with it (VPC peering guide, "VPC peering connection lifecycle"; RAM user guide, "Accepting
 * and rejecting resource share invitations"). The provider has no data source for the latter.
 */
export function stillOffered(scope: Construct, environment: Environment, peeringConnectionId: string): Precondition {
  const { source } = stackNames(environment.name);
  const offered = new DataAwsVpcPeeringConnections(scope, 'peering-offered', {
    filter: [
      { name: 'vpc-peering-connection-id', values: [peeringConnectionId] },
      { name: 'status-code', values: ['pending-acceptance', 'provisioning', 'active'] },
    ],
  });
  return {
    condition: `\${length(data.aws_vpc_peering_connections.${offered.friendlyUniqueId}.ids) > 0}`,
    errorMessage: `The VPC peering ${peeringConnectionId} is not offered to this account any more: a request ends seven days after stack ${source} was deployed, unless it was declined or deleted before. So does the invitation of the share. Run: cdktf deploy ${source} — it asks for the peering and sends the invitation anew. Then deploy this stack again, within seven days; it needs no clone ticket to accept both.`,
  };
}

/** Accepts the peering that the source stack has asked for. */
export function peeringAccepter(
  scope: Construct,
  environment: Environment,
  { peeringConnectionId, offered }: { peeringConnectionId: string; offered: Precondition },
): VpcPeeringConnectionAccepterA {
  return new VpcPeeringConnectionAccepterA(scope, 'peering', {
    vpcPeeringConnectionId: peeringConnectionId,
    autoAccept: true,
    lifecycle: { precondition: [offered] },
    tags: { Name: objectName(environment.name, 'peering') },
  });
}
