/**
 * The types that the lab's provider knows. To add one: a line here, its lines
 * in behaviour.ts, and its behaviour in the lab's AWS. Terraform refuses every
 * other type, exactly as it would refuse a type that does not exist.
 */
export const RESOURCE_TYPES = [
  'aws_cloudwatch_composite_alarm',
  'aws_cloudwatch_dashboard',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_metric_alarm',
  'aws_db_parameter_group',
  'aws_db_proxy',
  'aws_db_proxy_default_target_group',
  'aws_db_proxy_target',
  'aws_db_subnet_group',
  'aws_ecs_cluster',
  'aws_ecs_service',
  'aws_ecs_task_definition',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_kms_grant',
  'aws_kms_key_policy',
  'aws_ram_principal_association',
  'aws_ram_resource_association',
  'aws_ram_resource_share',
  'aws_ram_resource_share_accepter',
  'aws_rds_cluster',
  'aws_rds_cluster_instance',
  'aws_rds_cluster_parameter_group',
  'aws_route',
  'aws_scheduler_schedule',
  'aws_secretsmanager_secret',
  'aws_secretsmanager_secret_rotation',
  'aws_security_group',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_vpc_peering_connection',
  'aws_vpc_peering_connection_accepter',
  'aws_vpc_peering_connection_options',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
] as const;

export const DATA_SOURCE_TYPES = [
  'aws_availability_zones',
  'aws_caller_identity',
  'aws_db_subnet_group',
  'aws_ec2_transit_gateway_vpc_attachments',
  'aws_kms_key',
  'aws_ram_resource_share',
  'aws_rds_cluster',
  'aws_rds_clusters',
  'aws_ssm_parameters_by_path',
  'aws_subnet',
  'aws_vpc_peering_connection',
  'aws_vpc_peering_connections',
] as const;

export type ResourceType = (typeof RESOURCE_TYPES)[number];
export type DataSourceType = (typeof DATA_SOURCE_TYPES)[number];
