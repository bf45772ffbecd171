import type { Attributes } from './resources/handler';

/** Arguments of an instance that the lab remembers and does nothing with. */
const REMEMBERED = [
  'auto_minor_version_upgrade',
  'ca_cert_identifier',
  'copy_tags_to_snapshot',
  'db_parameter_group_name',
  'monitoring_interval',
  'monitoring_role_arn',
  'performance_insights_enabled',
  'performance_insights_retention_period',
  'promotion_tier',
  'publicly_accessible',
];

export function rememberedOfInstance(config: Attributes): Record<string, unknown> {
  return Object.fromEntries(REMEMBERED.filter((name) => config[name] != null).map((name) => [name, config[name]]));
}
