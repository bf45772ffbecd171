import { clusterOptions, CLOUDWATCH, instanceOptions } from './aurora-options';
import { backups, storageOf, volume, WHOSE } from './aurora-storage';
import { metered, untreated, usage, type Charge } from './charge';
import type { Treatment } from './treatment';
import { referredTo, type Block } from './resources';

/** As AWS's own calculators take a month. */
export const HOURS = 730;

const PRICING = 'https://aws.amazon.com/rds/aurora/pricing/';

/** Settings that change nothing in the bill, or that are read below. Any other one may cost something, and is named. */
const CLUSTER_SETTINGS = [
  ...['//', 'count', 'depends_on', 'lifecycle', 'provider', 'tags', 'apply_immediately', 'cluster_identifier'],
  ...['db_cluster_parameter_group_name', 'db_subnet_group_name', 'vpc_security_group_ids', 'deletion_protection'],
  ...['engine', 'engine_version', 'iam_database_authentication_enabled', 'restore_to_point_in_time'],
  ...['skip_final_snapshot', 'storage_encrypted', 'storage_type', 'backup_retention_period', 'kms_key_id'],
  ...['serverlessv2_scaling_configuration', 'manage_master_user_password', 'enabled_cloudwatch_logs_exports'],
  ...['copy_tags_to_snapshot', 'database_name', 'final_snapshot_identifier', 'master_username', 'port'],
  ...['preferred_backup_window', 'preferred_maintenance_window', 'master_user_secret_kms_key_id'],
  ...['database_insights_mode', 'performance_insights_enabled', 'performance_insights_retention_period'],
  // The directory is there already, and has a bill of its own.
  ...['enable_http_endpoint', 'domain', 'domain_iam_role_name'],
];
const INSTANCE_SETTINGS = [
  ...['//', 'count', 'depends_on', 'lifecycle', 'provider', 'tags', 'apply_immediately', 'auto_minor_version_upgrade'],
  ...['cluster_identifier', 'db_subnet_group_name', 'engine', 'identifier', 'instance_class', 'promotion_tier'],
  ...['availability_zone', 'ca_cert_identifier', 'copy_tags_to_snapshot', 'db_parameter_group_name'],
  ...['monitoring_interval', 'monitoring_role_arn', 'publicly_accessible'],
  // Of the cluster, whose line they are in.
  ...['performance_insights_enabled', 'performance_insights_retention_period'],
];

/** The clone, or production where the source stack makes it, without its instances. */
export const cluster: Treatment = ({ block, side }, { prices, stated }) => [
  ...volume(side, block, prices, stated),
  backups(side, block, prices, stated),
  ...(block['manage_master_user_password'] === true
    ? // Secrets Manager user guide, "How Amazon Aurora uses AWS Secrets Manager": "You are charged for that secret".
      [metered(prices, { ...SECRET, what: `secret of ${WHOSE[side]} master user` })]
    : []),
  ...(block['kms_key_id'] === undefined
    ? []
    : [usage('requests to the KMS key', 'https://aws.amazon.com/kms/pricing/')]),
  ...(exportsLogs(block) ? [usage('logs exported to CloudWatch', CLOUDWATCH)] : []),
  ...clusterOptions(block),
  ...unread(block, CLUSTER_SETTINGS),
];

export const instance: Treatment = ({ block }, { prices, all }) => {
  const its = referredTo(block['cluster_identifier'], all)?.block;
  const storage = its && storageOf(its);
  const kind = String(block['instance_class']);
  const rest = [...instanceOptions(block), ...unread(block, INSTANCE_SETTINGS)];
  if (storage === undefined) return [untreated(`instance of ${kind}, of a cluster that is not in the stack`), ...rest];
  if (kind !== 'db.serverless') {
    const key = { item: 'instance-hour', class: kind, storage } as const;
    return [metered(prices, { what: `hours of ${kind}`, key, quantity: [HOURS, HOURS], look: PRICING }), ...rest];
  }
  const capacity = capacityOf(its);
  const what = capacity === null ? 'ACU hours' : `ACU hours, ${capacity[0]} to ${capacity[1]} ACU`;
  const quantity = capacity && ([capacity[0] * HOURS, capacity[1] * HOURS] as const);
  return [metered(prices, { what, key: { item: 'acu-hour', storage }, quantity, look: PRICING }), ...rest];
};

export const SECRET = {
  key: { item: 'secret-month' },
  quantity: [1, 1],
  look: 'https://aws.amazon.com/secrets-manager/pricing/',
} as const;

function capacityOf(block: Block | undefined): readonly [number, number] | null {
  const scaling = [block?.['serverlessv2_scaling_configuration']].flat()[0] as Block | undefined;
  const [least, most] = [scaling?.['min_capacity'], scaling?.['max_capacity']];
  return typeof least === 'number' && typeof most === 'number' ? [least, most] : null;
}

/** Stated, or taken over from production. */
function exportsLogs(block: Block): boolean {
  const ignored = (block['lifecycle'] as { ignore_changes?: readonly string[] } | undefined)?.ignore_changes ?? [];
  return 'enabled_cloudwatch_logs_exports' in block || ignored.includes('enabled_cloudwatch_logs_exports');
}

function unread(block: Block, known: readonly string[]): Charge[] {
  return Object.keys(block)
    .filter((setting) => !known.includes(setting))
    .map((setting) => untreated(`the setting ${setting}`));
}
