import type { Behaviour } from './behaviour';
import { MONITORING_BEHAVIOUR } from './monitoring-behaviour';
import { CREATED_BEHAVIOUR } from './created-behaviour';
import { RUNNER_BEHAVIOUR } from './runner-behaviour';
import {
  accountId,
  accountIdOrArn,
  arn,
  arnOf,
  atMostOne,
  cidr4,
  exactlyOne,
  identifier,
  identifierOrClusterArn,
  oneOf,
  parameterGroupName,
  startsWith,
} from './rules';
import type { ResourceType } from './schema/types-in-use';

/**
 * Per type: replacement, defaults, secrets and checks, as documented under
 * https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/resources/<type without aws_>
 * and, where the page is silent, as the schema in the named file of
 * https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/internal/service has it.
 */
const MANAGED = 'Managed by Terraform';
const securityGroupRule: Behaviour = {
  // ec2/vpc_security_group_ingress_rule.go: everything but the group itself changes in place.
  forceNew: ['security_group_id'],
  rules: [
    exactlyOne('', 'cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id'),
    cidr4('cidr_ipv4'),
    startsWith('security_group_id', 'sg-'),
  ],
};

export const RESOURCE_BEHAVIOUR: Readonly<Record<ResourceType, Behaviour>> = {
  ...MONITORING_BEHAVIOUR,
  ...CREATED_BEHAVIOUR,
  ...RUNNER_BEHAVIOUR,
  // rds/subnet_group.go
  aws_db_subnet_group: {
    forceNew: ['name', 'name_prefix'],
    defaults: { description: MANAGED },
    rules: [atMostOne('', 'name', 'name_prefix'), startsWith('subnet_ids', 'subnet-')],
  },
  // kms/grant.go: a grant is never changed.
  aws_kms_grant: {
    forceNew: [
      'name',
      'key_id',
      'grantee_principal',
      'operations',
      'constraints',
      'retiring_principal',
      'grant_creation_tokens',
      'retire_on_delete',
    ],
    defaults: { retire_on_delete: false },
    sensitive: ['grant_token'],
    rules: [arn('grantee_principal'), arn('retiring_principal')],
  },
  // kms/key_policy.go
  aws_kms_key_policy: { forceNew: ['key_id'], defaults: { bypass_policy_lockout_safety_check: false } },
  // ram/principal_association.go
  aws_ram_principal_association: {
    forceNew: ['principal', 'resource_share_arn'],
    rules: [accountIdOrArn('principal'), arnOf('resource_share_arn', 'ram')],
  },
  // ram/resource_association.go
  aws_ram_resource_association: {
    forceNew: ['resource_arn', 'resource_share_arn'],
    rules: [arn('resource_arn'), arnOf('resource_share_arn', 'ram')],
  },
  // ram/resource_share.go
  aws_ram_resource_share: {
    forceNew: ['permission_arns'],
    defaults: { allow_external_principals: false },
    rules: [arnOf('permission_arns', 'ram')],
  },
  // ram/resource_share_accepter.go
  aws_ram_resource_share_accepter: { forceNew: ['share_arn'], rules: [arnOf('share_arn', 'ram')] },
  // rds/cluster.go
  aws_rds_cluster: {
    forceNew: [
      'availability_zones',
      'cluster_identifier',
      'cluster_identifier_prefix',
      'cluster_scalability_type',
      'database_name',
      'db_subnet_group_name',
      'db_system_id',
      'engine',
      'engine_mode',
      'kms_key_id',
      'master_username',
      'restore_to_point_in_time',
      's3_import',
      'snapshot_identifier',
      'source_region',
      'storage_encrypted',
    ],
    defaults: {
      copy_tags_to_snapshot: false,
      delete_automated_backups: true,
      enable_global_write_forwarding: false,
      enable_http_endpoint: false,
      enable_local_write_forwarding: false,
      engine_mode: 'provisioned',
      skip_final_snapshot: false,
      'scaling_configuration.auto_pause': true,
      'scaling_configuration.max_capacity': 16,
      'scaling_configuration.min_capacity': 1,
      'scaling_configuration.seconds_before_timeout': 300,
      'scaling_configuration.seconds_until_auto_pause': 300,
      'scaling_configuration.timeout_action': 'RollbackCapacityChange',
    },
    sensitive: ['master_password', 'master_password_wo'],
    writeOnly: ['master_password_wo'],
    versionPrefix: ['engine_version'],
    reportedAs: { storage_type: { aurora: '' } },
    finalSnapshot: true,
    rules: [
      atMostOne('', 'cluster_identifier', 'cluster_identifier_prefix'),
      atMostOne('', 'restore_to_point_in_time', 's3_import', 'snapshot_identifier'),
      atMostOne('', 'manage_master_user_password', 'master_password', 'master_password_wo'),
      exactlyOne('restore_to_point_in_time', 'source_cluster_identifier', 'source_cluster_resource_id'),
      exactlyOne('restore_to_point_in_time', 'use_latest_restorable_time', 'restore_to_time'),
      identifierOrClusterArn('restore_to_point_in_time.source_cluster_identifier'),
      oneOf('restore_to_point_in_time.restore_type', 'full-copy', 'copy-on-write'),
      oneOf('engine', 'aurora-mysql', 'aurora-postgresql', 'mysql', 'postgres'),
      identifier('cluster_identifier'),
      arn('kms_key_id'),
      startsWith('vpc_security_group_ids', 'sg-'),
    ],
  },
  // rds/cluster_instance.go
  aws_rds_cluster_instance: {
    forceNew: [
      'availability_zone',
      'cluster_identifier',
      'custom_iam_instance_profile',
      'db_subnet_group_name',
      'engine',
      'identifier',
      'identifier_prefix',
    ],
    defaults: {
      auto_minor_version_upgrade: true,
      copy_tags_to_snapshot: false,
      force_destroy: false,
      monitoring_interval: 0,
      promotion_tier: 0,
    },
    versionPrefix: ['engine_version'],
    rules: [
      atMostOne('', 'identifier', 'identifier_prefix'),
      identifier('identifier'),
      oneOf('engine', 'aurora-mysql', 'aurora-postgresql', 'mysql', 'postgres'),
      startsWith('instance_class', 'db.'),
    ],
  },
  // rds/cluster_parameter_group.go
  aws_rds_cluster_parameter_group: {
    forceNew: ['name', 'name_prefix', 'family', 'description'],
    defaults: { description: MANAGED, 'parameter.apply_method': 'immediate' },
    rules: [
      atMostOne('', 'name', 'name_prefix'),
      parameterGroupName('name'),
      oneOf('parameter.apply_method', 'immediate', 'pending-reboot'),
    ],
  },
  // ec2/vpc_route.go
  aws_route: {
    importId: ['route_table_id', 'destination_cidr_block'],
    forceNew: ['route_table_id', 'destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id'],
    rules: [
      exactlyOne('', 'destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id'),
      exactlyOne(
        '',
        'carrier_gateway_id',
        'core_network_arn',
        'egress_only_gateway_id',
        'gateway_id',
        'local_gateway_id',
        'nat_gateway_id',
        'network_interface_id',
        'transit_gateway_id',
        'vpc_endpoint_id',
        'vpc_peering_connection_id',
      ),
      cidr4('destination_cidr_block'),
      startsWith('route_table_id', 'rtb-'),
      startsWith('vpc_peering_connection_id', 'pcx-'),
      startsWith('transit_gateway_id', 'tgw-'),
    ],
  },
  // secretsmanager/secret.go
  aws_secretsmanager_secret: {
    forceNew: ['name', 'name_prefix'],
    defaults: { force_overwrite_replica_secret: false, recovery_window_in_days: 30 },
    rules: [atMostOne('', 'name', 'name_prefix')],
  },
  // ec2/vpc_security_group.go
  aws_security_group: {
    forceNew: ['name', 'name_prefix', 'description', 'vpc_id'],
    defaults: { description: MANAGED, revoke_rules_on_delete: false },
    rules: [atMostOne('', 'name', 'name_prefix'), startsWith('vpc_id', 'vpc-')],
  },
  // ec2/vpc_peering_connection.go
  aws_vpc_peering_connection: {
    forceNew: ['peer_owner_id', 'peer_region', 'peer_vpc_id', 'vpc_id'],
    defaults: { 'accepter.allow_remote_vpc_dns_resolution': false, 'requester.allow_remote_vpc_dns_resolution': false },
    computedBlocks: ['accepter', 'requester'],
    rules: [accountId('peer_owner_id'), startsWith('vpc_id', 'vpc-'), startsWith('peer_vpc_id', 'vpc-')],
  },
  // ec2/vpc_peering_connection_accepter.go
  aws_vpc_peering_connection_accepter: {
    forceNew: ['vpc_peering_connection_id'],
    defaults: { 'accepter.allow_remote_vpc_dns_resolution': false, 'requester.allow_remote_vpc_dns_resolution': false },
    computedBlocks: ['accepter', 'requester'],
    rules: [startsWith('vpc_peering_connection_id', 'pcx-')],
  },
  // ec2/vpc_peering_connection_options.go
  aws_vpc_peering_connection_options: {
    forceNew: ['vpc_peering_connection_id'],
    defaults: { 'accepter.allow_remote_vpc_dns_resolution': false, 'requester.allow_remote_vpc_dns_resolution': false },
    computedBlocks: ['accepter', 'requester'],
    rules: [startsWith('vpc_peering_connection_id', 'pcx-')],
  },
  aws_vpc_security_group_egress_rule: securityGroupRule,
  aws_vpc_security_group_ingress_rule: securityGroupRule,
};
