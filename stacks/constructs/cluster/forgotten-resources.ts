import type { TerraformStack } from 'cdktf';

/** Construct of an adopted cluster, called as that of a new one is: so a change of mode moves nothing. */
export const PRODUCTION_CLUSTER = 'production-cluster';

/** What of production a mode can have in the state. */
export const OF_PRODUCTION = [
  'aws_db_parameter_group.production_instance_parameters',
  'aws_db_proxy.production_proxy',
  'aws_db_proxy_default_target_group.production_proxy_targets',
  'aws_db_proxy_target.production_proxy_target',
  'aws_db_subnet_group.production_subnets',
  'aws_iam_role.production_monitoring',
  'aws_iam_role.production_proxy_role',
  'aws_iam_role_policy.production_proxy_policy',
  'aws_iam_role_policy_attachment.production_monitoring_policy',
  'aws_rds_cluster.production_cluster',
  'aws_rds_cluster_instance.production_readers',
  'aws_rds_cluster_instance.production_writer',
  'aws_secretsmanager_secret_rotation.production_secret_rotation',
];

/** What of production the stack does not have. @param kept addresses that it has */
export const ofProductionBut = (kept: readonly string[]): string[] =>
  OF_PRODUCTION.filter((address) => !kept.includes(address));

/**
 * Has Terraform forget what is no longer in the configuration and not ours to destroy: without this
 * block a file that goes back to mode existing would delete the cluster, and prevent_destroy, which leaves with the resource,
 * would not stop it (Terraform, "removed block", from 1.7 on). Where the state has none of it nothing happens.
 */
export function forgets(stack: TerraformStack, addresses: readonly string[]): void {
  if (addresses.length === 0) return;
  stack.addOverride(
    'removed',
    addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}
