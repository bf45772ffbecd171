import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import type { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { PRODUCTION_CLUSTER } from './forgotten-resources';

/**
 * All arguments of a cluster that are not ours: whatever production has of them stays, and is no difference to the plan.
 * One that is left out here would be set back to the provider's default, as deletion protection to off. The passwords are
 * missing as no plan can know them: they are never read, and so never differ.
 */
export const NOT_OURS = [
  'allocated_storage',
  'allow_major_version_upgrade',
  'apply_immediately',
  'availability_zones',
  'backtrack_window',
  'backup_retention_period',
  'ca_certificate_identifier',
  'cluster_members',
  'cluster_scalability_type',
  'copy_tags_to_snapshot',
  'database_insights_mode',
  'database_name',
  'db_cluster_instance_class',
  'db_instance_parameter_group_name',
  'db_subnet_group_name',
  'db_system_id',
  'delete_automated_backups',
  'deletion_protection',
  'domain',
  'domain_iam_role_name',
  'enable_global_write_forwarding',
  'enable_http_endpoint',
  'enable_local_write_forwarding',
  'enabled_cloudwatch_logs_exports',
  'engine_lifecycle_support',
  'engine_mode',
  'engine_version',
  'final_snapshot_identifier',
  'global_cluster_identifier',
  'iam_database_authentication_enabled',
  'iam_roles',
  'iops',
  'kms_key_id',
  'manage_master_user_password',
  'master_user_secret_kms_key_id',
  'master_username',
  'monitoring_interval',
  'monitoring_role_arn',
  'network_type',
  'performance_insights_enabled',
  'performance_insights_kms_key_id',
  'performance_insights_retention_period',
  'port',
  'preferred_backup_window',
  'preferred_maintenance_window',
  'replication_source_identifier',
  'restore_to_point_in_time',
  's3_import',
  'scaling_configuration',
  'serverlessv2_scaling_configuration',
  'skip_final_snapshot',
  'snapshot_identifier',
  'source_region',
  'storage_encrypted',
  'storage_type',
  'tags',
  'tags_all',
  'vpc_security_group_ids',
];

/**
 * Production, taken into the state of the source stack by an `import` block (Terraform 1.5): the plan shows what it would
 * change before anything is imported, and that is the parameter group alone. A destroy is refused by Terraform, with all
 * of production still there; to let go of the cluster, mode existing forgets it.
 */
export function adoptedCluster(scope: Construct, environment: Environment, parameterGroupName: string): RdsCluster {
  const { identifier } = environment.source.cluster;
  const cluster = new RdsCluster(scope, PRODUCTION_CLUSTER, {
    clusterIdentifier: identifier,
    engine: 'aurora-postgresql',
    dbClusterParameterGroupName: parameterGroupName,
    lifecycle: { preventDestroy: true, ignoreChanges: NOT_OURS },
  });
  cluster.importFrom(identifier);
  return cluster;
}
