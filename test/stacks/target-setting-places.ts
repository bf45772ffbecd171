import { cloneCluster, contract, instance, subnetConditions } from './json-places';
import { at, of, type SettingPlace } from './setting-place';

/** The settings of target. */
export const TARGET: readonly SettingPlace[] = [
  of(
    'target.accountId',
    '210987654322',
    `${contract}.targetAccount.accountId`,
    'source.output.kms_key_policy_statement.value',
    'source.resource.aws_ram_principal_association.cluster_principal.principal',
    'source.resource.aws_vpc_peering_connection.peering.peer_owner_id',
    'target.output.contract.value.account.accountId',
    'target.provider.aws.0.allowed_account_ids.0',
  ),
  of(
    'target.roleArn',
    undefined,
    `${contract}.targetAccount.roleArn`,
    'target.output.contract.value.account.roleArn',
    '-target.provider.aws.0.assume_role',
  ),
  of(
    'target.clone.identifier',
    'x',
    `${cloneCluster}.cluster_identifier`,
    `${instance(1)}.identifier`,
    `${instance(2)}.identifier`,
  ),
  of('target.clone.instanceClass', 'db.r6g.large', `${instance(1)}.instance_class`, `${instance(2)}.instance_class`),
  of('target.clone.instanceCount', 3, '+target.output.contract.depends_on.2', `+${instance(3)}`),
  of('target.clone.serverlessV2.minCapacity', 2, `${cloneCluster}.serverlessv2_scaling_configuration.min_capacity`),
  of('target.clone.serverlessV2.maxCapacity', 8, `${cloneCluster}.serverlessv2_scaling_configuration.max_capacity`),
  of('target.clone.readOnly', true, 'target.output.contract.value.readOnly'),
  of(
    'target.network.vpcId',
    'vpc-0123456789abcdef9',
    'source.resource.aws_vpc_peering_connection.peering.peer_vpc_id',
    ...subnetConditions(0),
    'target.resource.aws_security_group.clone_network_group.vpc_id',
  ),
  of(
    'target.network.vpcCidr',
    '10.3.0.0/16',
    'source.resource.aws_route.to_target_rtb_0123456789abcdef0.destination_cidr_block',
    'source.resource.aws_route.to_target_rtb_0123456789abcdef1.destination_cidr_block',
    'source.resource.aws_vpc_security_group_ingress_rule.from_target_sg_0123456789abcdef0.cidr_ipv4',
  ),
  at(
    'target.network.subnetIds',
    'target.network.subnetIds[1]',
    'subnet-0fedcba9876543212',
    '-target.data.aws_subnet.clone_subnet_0fedcba9876543211',
    '+target.data.aws_subnet.clone_subnet_0fedcba9876543212',
    ...subnetConditions(0, 1),
    'target.resource.aws_db_subnet_group.clone_subnets.subnet_ids.1',
  ),
  at(
    'target.network.routeTableIds',
    'target.network.routeTableIds[0]',
    'rtb-0fedcba9876543211',
    '-target.resource.aws_route.to_source_rtb_0fedcba9876543210',
    '+target.resource.aws_route.to_source_rtb_0fedcba9876543211',
  ),
  at(
    'target.network.clientCidrs',
    'target.network.clientCidrs[0]',
    '10.1.128.0/17',
    '-target.resource.aws_vpc_security_group_ingress_rule.clone_network_from_10_1_0_0_16',
    '+target.resource.aws_vpc_security_group_ingress_rule.clone_network_from_10_1_128_0_17',
  ),
  at(
    'target.network.securityGroupIds',
    'target.network.securityGroupIds[0]',
    'sg-0fedcba9876543211',
    `${cloneCluster}.vpc_security_group_ids.1`,
  ),
];
