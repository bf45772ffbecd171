import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import type { Peering } from '../world';
import { blocks, text, type Attributes, type ResourceHandler } from './handler';
import { dnsOptions } from './vpc-peering-connection';

const ENDS = ['requester', 'accepter'] as const;

function peeringOf({ world, account }: Scope, attributes: Attributes): Peering | undefined {
  const peering = world.peerings[text(attributes, 'vpc_peering_connection_id')];
  return ENDS.some((end) => peering?.[end].accountId === account.id) ? peering : undefined;
}

/** Each account sets its own side, and only of a peering that is active (ModifyVpcPeeringConnectionOptions). */
function put(scope: Scope, config: Attributes): Attributes {
  const peering = peeringOf(scope, config);
  const id = text(config, 'vpc_peering_connection_id');
  if (peering === undefined)
    throw new AwsError('InvalidVpcPeeringConnectionID.NotFound', `The vpcPeeringConnection ID '${id}' does not exist`);
  if (peering.status !== 'active') {
    const message = `Peering ${id} is not active. Peering options can be added only to active peerings.`;
    throw new AwsError('OperationNotPermitted', message);
  }
  const before = { requester: false, accepter: false, ...peering.remoteDns };
  for (const end of ENDS) {
    const [options] = blocks(config, end);
    const wanted = options?.allow_remote_vpc_dns_resolution;
    if (typeof wanted !== 'boolean' || wanted === before[end]) continue;
    if (peering[end].accountId !== scope.account.id)
      throw new AwsError('OperationNotPermitted', `User ${scope.account.id} cannot modify options of the ${end}.`);
    before[end] = wanted;
  }
  peering.remoteDns = before;
  return attributes(peering);
}

const attributes = (peering: Peering): Attributes => ({
  id: peering.id,
  vpc_peering_connection_id: peering.id,
  ...dnsOptions(peering),
});

export const vpcPeeringConnectionOptions: ResourceHandler = {
  create: put,
  read(scope, prior) {
    const peering = peeringOf(scope, prior);
    return peering === undefined ? null : attributes(peering);
  },
  update: put,
  // As with the real provider: the peering goes on with the options that it has.
  delete: () => undefined,
};
