import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import type { Peering } from '../world';
import { text, type Attributes, type DataHandler } from './handler';
import { matches } from './transit-gateway';

const seen = ({ world, account }: Scope): Peering[] =>
  Object.values(world.peerings).filter(({ requester, accepter }) =>
    [requester, accepter].some(({ accountId }) => accountId === account.id),
  );

/** Both accounts see it alike: `vpc_id` is of whoever asked. */
export const peeringData: DataHandler = (scope, config) => {
  const id = text(config, 'id');
  const peering = seen(scope).find((one) => one.id === id);
  if (peering === undefined) throw new AwsError('NoMatch', 'no matching EC2 VPC Peering Connection found', 404);
  return { ...attributes(scope, peering), ...options(peering) };
};

function attributes({ world, region }: Scope, { id, requester, accepter, status }: Peering): Attributes {
  const vpcOf = ({ accountId, vpcId }: { accountId: string; vpcId: string }) => world.accounts[accountId]?.vpcs[vpcId];
  const blocksOf = (end: Peering['requester']) =>
    [vpcOf(end)?.cidr ?? [], vpcOf(end)?.secondaryCidrs ?? []].flat().map((block) => ({ cidr_block: block }));
  return {
    id,
    status,
    vpc_id: requester.vpcId,
    owner_id: requester.accountId,
    requester_region: region,
    cidr_block: vpcOf(requester)?.cidr ?? '',
    cidr_block_set: blocksOf(requester),
    peer_vpc_id: accepter.vpcId,
    peer_owner_id: accepter.accountId,
    peer_region: accepter.region,
    peer_cidr_block: vpcOf(accepter)?.cidr ?? '',
    peer_cidr_block_set: blocksOf(accepter),
  };
}

const options = ({ remoteDns }: Peering): Attributes => ({
  requester: { allow_remote_vpc_dns_resolution: remoteDns?.requester ?? false },
  accepter: { allow_remote_vpc_dns_resolution: remoteDns?.accepter ?? false },
});

export const peeringsData: DataHandler = (scope, config) => ({
  id: scope.region,
  ids: seen(scope)
    .filter(({ id, requester, accepter, status, tags }) =>
      matches(config, {
        'vpc-peering-connection-id': id,
        'requester-vpc-info.vpc-id': requester.vpcId,
        'requester-vpc-info.owner-id': requester.accountId,
        'accepter-vpc-info.vpc-id': accepter.vpcId,
        'accepter-vpc-info.owner-id': accepter.accountId,
        'status-code': status,
        // Each account sees its own tags alone.
        'tag:Name': requester.accountId === scope.account.id ? (tags['Name'] ?? '') : '',
      }),
    )
    .map(({ id }) => id),
});
