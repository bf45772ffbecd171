import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import type { Peering } from '../world';
import { hasEnded } from '../ended';
import { text, type Attributes, type ResourceHandler } from './handler';
import { peeringAttributes } from './vpc-peering-connection';

/** Only the account of the other VPC sees the request, and only in that VPC's Region. */
function offered({ world, account, region }: Scope, attributes: Attributes): Peering | undefined {
  const peering = world.peerings[text(attributes, 'vpc_peering_connection_id')];
  if (peering?.accepter.accountId !== account.id || peering.accepter.region !== region) return undefined;
  return hasEnded(peering) ? undefined : peering;
}

function accept(scope: Scope, config: Attributes): Attributes {
  const peering = offered(scope, config);
  if (peering === undefined) {
    const message = `The vpcPeeringConnection ID '${config.vpc_peering_connection_id}' does not exist`;
    throw new AwsError('InvalidVpcPeeringConnectionID.NotFound', message);
  }
  if (config.auto_accept === true) peering.status = 'active';
  return { ...peeringAttributes(peering, 'accepter'), vpc_peering_connection_id: peering.id };
}

export const vpcPeeringConnectionAccepter: ResourceHandler = {
  create: accept,
  read(scope, prior) {
    const peering = offered(scope, prior);
    return peering === undefined
      ? null
      : { ...peeringAttributes(peering, 'accepter'), vpc_peering_connection_id: peering.id };
  },
  update: accept,
  // As with the real provider: the peering is the requester's to delete, this only forgets it.
  delete: () => undefined,
};
