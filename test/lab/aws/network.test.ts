import type { Environment } from '../../../environments/schema';
import { environmentFile } from '../../../environments/files';
import { loadEnvironment } from '../../../environments/loader';
import { buildWorld } from '../../../lab/aws/accounts';
import type { ClusterServers } from '../../../lab/aws/cluster-servers';
import { terraformOperation, type TerraformRequest } from '../../../lab/aws/terraform';
import type { Account, World } from '../../../lab/aws/world';
import { REGION, SOURCE, TARGET } from './support';

const demo = loadEnvironment(environmentFile('demo'));
const { vpcId: sourceVpc, routeTableIds, securityGroupIds } = demo.source.network;
const { vpcId: targetVpc, vpcCidr: targetCidr, routeTableIds: targetTables } = demo.target.network;

/** Operations on a world without servers: nothing here may touch one. */
function operations(environment: Environment = demo) {
  const world: World = buildWorld(environment);
  const as =
    (account: string) =>
    async (
      operation: TerraformRequest['operation'],
      type: string,
      config: object | null,
      prior: object | null = null,
    ) => {
      const scope = {
        world,
        account: world.accounts[account] as Account,
        region: REGION,
        servers: {} as ClusterServers,
        save: () => undefined,
      };
      const request = { operation, type, account, region: REGION, config, prior } as TerraformRequest;
      return (await terraformOperation(scope, request)).attributes;
    };
  return { source: as(SOURCE), target: as(TARGET) };
}

const request = { vpc_id: sourceVpc, peer_vpc_id: targetVpc, peer_owner_id: TARGET, peer_region: REGION };

test('a peering becomes active when the other account accepts it, and the routes with it', async () => {
  const { source, target } = operations();
  const peering = await source('create', 'aws_vpc_peering_connection', request);
  expect(peering).toMatchObject({ accept_status: 'pending-acceptance', peer_owner_id: TARGET, region: REGION });
  const route = {
    route_table_id: routeTableIds[0],
    destination_cidr_block: targetCidr,
    vpc_peering_connection_id: peering?.id,
  };
  const made = await source('create', 'aws_route', route);
  expect(made).toMatchObject({ state: 'blackhole', origin: 'CreateRoute' });
  const accept = { vpc_peering_connection_id: peering?.id, auto_accept: true };
  await expect(source('create', 'aws_vpc_peering_connection_accepter', accept)).rejects.toThrow('does not exist');
  const accepted = await target('create', 'aws_vpc_peering_connection_accepter', accept);
  expect(accepted).toMatchObject({
    accept_status: 'active',
    vpc_id: targetVpc,
    peer_vpc_id: sourceVpc,
    peer_owner_id: SOURCE,
  });
  expect(await source('read', 'aws_route', null, made)).toMatchObject({ state: 'active' });
  await expect(source('create', 'aws_route', route)).rejects.toThrow('already exists');
  await expect(target('create', 'aws_route', { ...route, route_table_id: routeTableIds[0] })).rejects.toThrow(
    `'${routeTableIds[0]}' does not exist`,
  );
  await target('create', 'aws_route', {
    ...route,
    route_table_id: targetTables[0],
    destination_cidr_block: '10.10.0.0/16',
  });
  await source('delete', 'aws_vpc_peering_connection', null, peering);
  expect(await target('read', 'aws_vpc_peering_connection_accepter', null, accepted)).toBeNull();
  expect(await source('read', 'aws_route', null, made)).toMatchObject({ state: 'blackhole' });
});

test.each([
  ['a VPC of its own that does not exist', { vpc_id: 'vpc-0fffffffffffffff1' }, 'InvalidVpcID.NotFound|does not exist'],
  ['another VPC that does not exist', { peer_vpc_id: 'vpc-0fffffffffffffff1' }, 'unexpected state .failed.'],
  ['the wrong account', { peer_owner_id: '333333333333' }, 'unexpected state .failed.'],
  ['another Region', { peer_region: 'us-east-1' }, 'us-east-1'],
])('a peering with %s fails', async (_what, change, message) => {
  const { source } = operations();
  await expect(source('create', 'aws_vpc_peering_connection', { ...request, ...change })).rejects.toThrow(
    new RegExp(message),
  );
});

test('overlapping networks cannot be peered', async () => {
  const network = { ...demo.target.network, vpcCidr: '10.10.128.0/20' };
  const { source } = operations({ ...demo, target: { ...demo.target, network } });
  await expect(source('create', 'aws_vpc_peering_connection', request)).rejects.toThrow(
    '10.10.0.0/16 and 10.10.128.0/20',
  );
});

test('rules belong to a group of the account and are not made twice', async () => {
  const { source, target } = operations();
  const rule = {
    security_group_id: securityGroupIds[0],
    cidr_ipv4: targetCidr,
    from_port: 5432,
    to_port: 5432,
    ip_protocol: 'tcp',
  };
  const made = await source('create', 'aws_vpc_security_group_ingress_rule', rule);
  expect(made).toMatchObject({ ...rule, id: expect.stringMatching(/^sgr-/) as string });
  await expect(source('create', 'aws_vpc_security_group_ingress_rule', rule)).rejects.toThrow('already exists');
  await expect(target('create', 'aws_vpc_security_group_ingress_rule', rule)).rejects.toThrow('does not exist');
  const peerless = { ...rule, cidr_ipv4: null };
  await expect(source('create', 'aws_vpc_security_group_egress_rule', peerless)).rejects.toThrow('Exactly one of');
  await source('delete', 'aws_vpc_security_group_ingress_rule', null, made);
  expect(await source('read', 'aws_vpc_security_group_ingress_rule', null, made)).toBeNull();
});

test('a security group goes into a VPC of the account, under a name of its own', async () => {
  const { target } = operations();
  const config = { name: 'clone', vpc_id: targetVpc };
  expect(await target('create', 'aws_security_group', config)).toMatchObject({
    owner_id: TARGET,
    description: 'Managed by Terraform',
  });
  await expect(target('create', 'aws_security_group', config)).rejects.toThrow('already exists');
  await expect(target('create', 'aws_security_group', { name: 'other', vpc_id: sourceVpc })).rejects.toThrow(
    'does not exist',
  );
});

test('a parameter group takes only parameters that exist, static ones only with a reboot', async () => {
  const { source } = operations();
  const create = (parameter: object) =>
    source('create', 'aws_rds_cluster_parameter_group', {
      name: 'group',
      family: 'aurora-postgresql17',
      parameter: [parameter],
    });
  await expect(create({ name: 'max_wal_sender', value: '1', apply_method: 'pending-reboot' })).rejects.toThrow(
    'Could not find parameter',
  );
  await expect(create({ name: 'max_wal_senders', value: '1', apply_method: 'immediate' })).rejects.toThrow(
    'immediate apply method for static',
  );
});

test('in an organization the share is there without an invitation', async () => {
  const { source, target } = operations({ ...demo, sharing: { mode: 'organization' } });
  const share = await source('create', 'aws_ram_resource_share', { name: 'demo' });
  await source('create', 'aws_ram_principal_association', { resource_share_arn: share?.arn, principal: TARGET });
  const accept = target('create', 'aws_ram_resource_share_accepter', { share_arn: share?.arn });
  await expect(accept).rejects.toThrow('Accounts of one organization get none');
  const { source: outsider } = operations();
  const closed = await outsider('create', 'aws_ram_resource_share', { name: 'demo', allow_external_principals: false });
  const invite = outsider('create', 'aws_ram_principal_association', {
    resource_share_arn: closed?.arn,
    principal: TARGET,
  });
  await expect(invite).rejects.toThrow('does not allow external principals');
});

test('a grant needs a key of the account', async () => {
  const sourceKeyArn = `arn:aws:kms:${REGION}:${SOURCE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const { source, target } = operations({ ...demo, kms: { sourceKeyArn } });
  const config = {
    key_id: sourceKeyArn,
    grantee_principal: `arn:aws:iam::${TARGET}:root`,
    operations: ['CreateGrant', 'Decrypt'],
  };
  const grant = await source('create', 'aws_kms_grant', config);
  expect(await source('read', 'aws_kms_grant', null, grant)).toMatchObject({ operations: ['CreateGrant', 'Decrypt'] });
  await expect(target('create', 'aws_kms_grant', config)).rejects.toThrow('does not exist');
});

test('says so when it does not know a resource', async () => {
  await expect(operations().source('create', 'aws_sqs_queue', {})).rejects.toThrow(
    'does not know the resource aws_sqs_queue',
  );
});
