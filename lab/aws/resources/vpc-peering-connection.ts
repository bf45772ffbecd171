import { parseCidr, rangesOverlap } from '../../../contract/cidr';
import { AwsError } from '../aws-error';
import { ec2Id } from '../ids';
import type { Scope } from '../operation';
import type { Peering, Vpc, World } from '../world';
import { hasEnded } from '../ended';
import { optionalText, tagsOf, text, type Attributes, type ResourceHandler } from './handler';
import { ownVpc } from './vpc';

/** What both sides see of a peering; `own` is the side of the reader. */
export function peeringAttributes(peering: Peering, own: 'requester' | 'accepter'): Attributes {
  const peer = own === 'requester' ? peering.accepter : peering.requester;
  return {
    id: peering.id,
    vpc_id: peering[own].vpcId,
    peer_vpc_id: peer.vpcId,
    peer_owner_id: peer.accountId,
    peer_region: peering.accepter.region,
    accept_status: peering.status,
    ...dnsOptions(peering),
  };
}

/** Of each end, as blocks. */
export const dnsOptions = ({ remoteDns }: Peering): Attributes => ({
  accepter: [{ allow_remote_vpc_dns_resolution: remoteDns?.accepter ?? false }],
  requester: [{ allow_remote_vpc_dns_resolution: remoteDns?.requester ?? false }],
});

/** AWS marks such a request as failed after a moment, and the provider reports that. Any block of a VPC counts. */
function refusal(world: World, own: Vpc, accountId: string, vpcId: string): string | undefined {
  const peer = world.accounts[accountId]?.vpcs[vpcId];
  if (peer === undefined)
    return `Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range: no ${vpcId} in account ${accountId}`;
  for (const one of blocksOf(own))
    for (const other of blocksOf(peer)) {
      const [range, against] = [parseCidr(one), parseCidr(other)];
      if (range !== undefined && against !== undefined && rangesOverlap(range, against))
        return `Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range: ${one} and ${other}`;
    }
  return undefined;
}

const blocksOf = ({ cidr, secondaryCidrs = [] }: Vpc): string[] => [cidr, ...secondaryCidrs];

/** Two VPCs have one peering, whichever of them asked (VPC peering guide, limitations). */
function checkOnlyOne({ peerings }: World, ...vpcs: readonly string[]): void {
  const twin = Object.values(peerings).find(
    (one) => !hasEnded(one) && [one.requester, one.accepter].every(({ vpcId }) => vpcs.includes(vpcId)),
  );
  if (twin !== undefined)
    throw new AwsError('VpcPeeringConnectionAlreadyExists', `${vpcs.join(' and ')} have a peering: ${twin.id}`);
}

export const vpcPeeringConnection: ResourceHandler = {
  create({ world, account, region }, config) {
    const own = ownVpc(account, text(config, 'vpc_id'), 'ec2:CreateVpcPeeringConnection');
    const accountId = optionalText(config, 'peer_owner_id') ?? account.id;
    const peerRegion = optionalText(config, 'peer_region') ?? region;
    if (config.auto_accept === true && accountId !== account.id) {
      throw new AwsError('OperationNotPermitted', 'auto_accept works only for VPCs in one account.');
    }
    checkOnlyOne(world, own.id, text(config, 'peer_vpc_id'));
    const reason =
      peerRegion === world.region
        ? refusal(world, own, accountId, text(config, 'peer_vpc_id'))
        : `no VPCs in Region ${peerRegion}`;
    if (reason !== undefined) throw new AwsError('VpcPeeringConnectionFailed', `unexpected state 'failed': ${reason}`);
    const peering: Peering = {
      id: ec2Id('pcx'),
      requester: { accountId: account.id, vpcId: own.id },
      accepter: { accountId, vpcId: text(config, 'peer_vpc_id'), region: peerRegion },
      status: config.auto_accept === true ? 'active' : 'pending-acceptance',
      tags: tagsOf(config),
    };
    world.peerings[peering.id] = peering;
    return peeringAttributes(peering, 'requester');
  },

  read(scope, prior) {
    const peering = ownPeering(scope, prior);
    return peering === undefined ? null : peeringAttributes(peering, 'requester');
  },

  update(scope, config, prior) {
    const peering = ownPeering(scope, prior);
    if (peering === undefined)
      throw new AwsError(
        'InvalidVpcPeeringConnectionID.NotFound',
        `The vpcPeeringConnection ID '${prior.id}' does not exist`,
      );
    peering.tags = tagsOf(config);
    return peeringAttributes(peering, 'requester');
  },

  delete(scope, prior) {
    const peering = ownPeering(scope, prior);
    if (peering !== undefined) delete scope.world.peerings[peering.id];
  },
};

function ownPeering({ world, account }: Scope, prior: Attributes): Peering | undefined {
  const peering = world.peerings[text(prior, 'id')];
  return peering?.requester.accountId === account.id && !hasEnded(peering) ? peering : undefined;
}
