import { VpcPeeringConnectionAccepterA } from '@cdktf/provider-aws/lib/vpc-peering-connection-accepter';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/** Accepts the peering that the source stack has asked for. */
export function peeringAccepter(
  scope: Construct,
  environment: Environment,
  peeringConnectionId: string,
): VpcPeeringConnectionAccepterA {
  return new VpcPeeringConnectionAccepterA(scope, 'peering', {
    vpcPeeringConnectionId: peeringConnectionId,
    autoAccept: true,
    tags: { Name: objectName(environment.name, 'peering') },
  });
}
