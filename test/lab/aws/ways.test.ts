import { join } from 'node:path';
import { loadEnvironment } from '../../../environments/loader';
import { buildWorld } from '../../../lab/aws/accounts';
import type { ClusterServers } from '../../../lab/aws/cluster-servers';
import { terraformOperation, type TerraformRequest } from '../../../lab/aws/terraform';
import type { Environment } from '../../../environments/schema';
import { REGION, SOURCE, TARGET } from './support';

/** What the lab refuses of a way between two VPCs, as EC2 does. */

const fixture = (name: string) => loadEnvironment(join(__dirname, `../../stacks/modes/${name}.yaml`));

function accounts(environment: Environment) {
  const world = buildWorld(environment);
  const as = (account: string) => async (operation: TerraformRequest['operation'], type: string, config: object) => {
    const scope = { world, account: world.accounts[account]!, region: REGION, servers: {} as ClusterServers };
    const prior = operation === 'read' || operation === 'delete' ? config : null;
    const request = { operation, type, account, region: REGION, config, prior } as TerraformRequest;
    return (await terraformOperation({ ...scope, save: () => undefined }, request)).attributes;
  };
  return { world, source: as(SOURCE), target: as(TARGET) };
}

const route = {
  route_table_id: 'rtb-0a1111111111111b1',
  destination_cidr_block: '10.20.0.0/16',
  transit_gateway_id: 'tgw-0c3333333333333e1',
};
const attached = (vpc: string, state = 'available') => ({
  filter: [
    { name: 'transit-gateway-id', values: [route.transit_gateway_id] },
    { name: 'vpc-id', values: [vpc] },
    { name: 'state', values: [state] },
  ],
});

test('a route to a gateway needs the attachment of its VPC, and ends without it', async () => {
  const { world, source } = accounts(fixture('transit-gateway'));
  const made = await source('create', 'aws_route', route);
  expect(made).toMatchObject({ ...route, state: 'active' });
  const elsewhere = { ...route, destination_cidr_block: '10.21.0.0/20', transit_gateway_id: 'tgw-0c3333333333333e2' };
  await expect(source('create', 'aws_route', elsewhere)).rejects.toThrow(
    "The transitGateway ID 'tgw-0c3333333333333e2' does not exist",
  );
  const gateway = world.transitGateways![route.transit_gateway_id]!;
  for (const attachment of Object.values(gateway.attachments)) attachment.state = 'deleted';
  expect(await source('read', 'aws_route', made!)).toMatchObject({ state: 'blackhole' });
});

test('an account sees the attachments of its own VPCs alone, and those that match every filter', async () => {
  const { source, target } = accounts(fixture('transit-gateway'));
  const ids = async (as: typeof source, ...args: Parameters<typeof attached>) =>
    (await as('data', 'aws_ec2_transit_gateway_vpc_attachments', attached(...args)))!.ids;
  expect(await ids(source, 'vpc-0a1111111111111a1')).toHaveLength(1);
  expect(await ids(source, 'vpc-0a1111111111111a1', 'pendingAcceptance')).toEqual([]);
  expect(await ids(target, 'vpc-0a1111111111111a1')).toEqual([]);
});

test('who has subnets of a VPC by RAM makes no routes and no peering in it', async () => {
  const { source } = accounts(fixture('shared-vpc'));
  await expect(source('create', 'aws_route', route)).rejects.toThrow('ec2:CreateRoute on vpc-0a1111111111111a1');
  const peering = { vpc_id: 'vpc-0a1111111111111a1', peer_vpc_id: 'vpc-0b2222222222222a2', peer_owner_id: TARGET };
  await expect(source('create', 'aws_vpc_peering_connection', peering)).rejects.toThrow(
    'which belongs to 333333333333',
  );
  expect(await source('data', 'aws_ec2_transit_gateway_vpc_attachments', { filter: [] })).toMatchObject({ ids: [] });
});

test('the second block of a VPC stands in the way of a peering as well', async () => {
  const { target, source, ...rest } = fixture('transit-gateway');
  const network = { ...target.network, secondaryCidrs: ['10.11.8.0/21'] };
  const { source: ask } = accounts({ ...rest, source, target: { ...target, network } });
  const peering = { vpc_id: source.network.vpcId, peer_vpc_id: network.vpcId, peer_owner_id: TARGET };
  await expect(ask('create', 'aws_vpc_peering_connection', peering)).rejects.toThrow('10.11.0.0/20 and 10.11.8.0/21');
});

test('options of a peering: once it is active, and of the own side only', async () => {
  const { source, target } = accounts(fixture('remote-dns'));
  const peering = await source('create', 'aws_vpc_peering_connection', {
    vpc_id: 'vpc-0a1111111111111a1',
    peer_vpc_id: 'vpc-0b2222222222222a2',
    peer_owner_id: TARGET,
  });
  const on = [{ allow_remote_vpc_dns_resolution: true }];
  const config = { vpc_peering_connection_id: peering!.id, requester: on };
  const put = (as: typeof source) => as('create', 'aws_vpc_peering_connection_options', config);
  await expect(put(source)).rejects.toThrow('is not active. Peering options can be added only to active peerings');
  const accept = { vpc_peering_connection_id: peering!.id, auto_accept: true };
  await target('create', 'aws_vpc_peering_connection_accepter', accept);
  await expect(put(target)).rejects.toThrow('cannot modify options of the requester');
  await put(source);
  expect(await target('data', 'aws_vpc_peering_connection', { id: peering!.id })).toMatchObject({
    vpc_id: 'vpc-0a1111111111111a1',
    status: 'active',
    requester: { allow_remote_vpc_dns_resolution: true },
    accepter: { allow_remote_vpc_dns_resolution: false },
  });
  const filter = [{ name: 'status-code', values: ['active'] }];
  expect(await source('data', 'aws_vpc_peering_connections', { filter })).toMatchObject({ ids: [peering!.id] });
});

test('a peering that there is, and one that is of others', async () => {
  const { source } = accounts(fixture('known-peering'));
  expect(await source('data', 'aws_vpc_peering_connection', { id: 'pcx-0c3333333333333d1' })).toMatchObject({
    peer_vpc_id: 'vpc-0a1111111111111a1',
    peer_owner_id: SOURCE,
  });
  await expect(source('data', 'aws_vpc_peering_connection', { id: 'pcx-0c3333333333333d9' })).rejects.toThrow(
    'no matching EC2 VPC Peering Connection found',
  );
  const second = { vpc_id: 'vpc-0a1111111111111a1', peer_vpc_id: 'vpc-0b2222222222222a2', peer_owner_id: TARGET };
  await expect(source('create', 'aws_vpc_peering_connection', second)).rejects.toThrow(
    'have a peering: pcx-0c3333333333333d1',
  );
});
