import type { Attributes } from './resources/handler';

/** Arguments of a cluster that the lab remembers and does nothing with; RDS reports each as it was set. */
const REMEMBERED = [
  'ca_certificate_identifier',
  'copy_tags_to_snapshot',
  'database_insights_mode',
  'delete_automated_backups',
  'domain',
  'domain_iam_role_name',
  'enable_http_endpoint',
  'engine_lifecycle_support',
  'monitoring_interval',
  'monitoring_role_arn',
  'performance_insights_enabled',
  'performance_insights_kms_key_id',
  'performance_insights_retention_period',
  'preferred_backup_window',
  'preferred_maintenance_window',
  'serverlessv2_scaling_configuration',
];

/** What a plan has of them. */
export function rememberedArguments(config: Attributes): Record<string, unknown> {
  const given = (value: unknown) => value != null && value !== '' && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(REMEMBERED.filter((name) => given(config[name])).map((name) => [name, config[name]]));
}

/** What production has, none of it as the provider would have it where nothing is stated. */
export const PRODUCTION_ARGUMENTS: Record<string, unknown> = {
  copy_tags_to_snapshot: true,
  enable_http_endpoint: true,
  engine_lifecycle_support: 'open-source-rds-extended-support-disabled',
  performance_insights_enabled: true,
  preferred_backup_window: '01:00-01:30',
  preferred_maintenance_window: 'sun:03:00-sun:03:30',
};
