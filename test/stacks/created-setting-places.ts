import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, type SettingPlace } from './setting-place';

/** The settings of a cluster that the source stack makes, each changed in the fixture of that mode. */

interface File {
  readonly source: { readonly cluster: { readonly create: Record<string, unknown> } };
}
const FIXTURE = parse(readFileSync(join(__dirname, 'modes/create.yaml'), 'utf8')) as File;

/** From the example, which has a cluster, to one that is made. */
const CREATE = [
  ['source.cluster.mode', 'create'],
  ['source.cluster.parameterGroup', undefined],
  ['source.cluster.adminSecretArn', undefined],
  ['source.cluster.create', FIXTURE.source.cluster.create],
] as const;

const resource = (type: string, name: string) => `source.resource.${type}.production_${name}`;
const cluster = resource('aws_rds_cluster', 'cluster');
const writer = resource('aws_rds_cluster_instance', 'writer');
const readers = resource('aws_rds_cluster_instance', 'readers');
const proxy = resource('aws_db_proxy', 'proxy');
const policy = resource('aws_iam_role_policy', 'proxy_policy');
const subnets = resource('aws_db_subnet_group', 'subnets');
const parameter = resource('aws_db_parameter_group', 'instance_parameters');
const instances = (argument: string) => [`${writer}.${argument}`, `${readers}.${argument}`];
const each = (reader: string) => `${readers}.for_each.${reader}`;

const of = (setting: string, value: unknown, ...places: string[]): SettingPlace =>
  within(setting, setting, value, ...places);
const within = (setting: string, path: string, value: unknown, ...places: string[]): SettingPlace => ({
  ...at(`source.cluster.create.${setting}`, `source.cluster.create.${path}`, value, ...places),
  first: CREATE,
});

export const CREATED: readonly SettingPlace[] = [
  of(
    'preset',
    'development',
    `-${resource('aws_iam_role', 'monitoring')}`,
    '-source.resource.aws_iam_role_policy_attachment',
    `-${cluster}.final_snapshot_identifier`,
    `-${cluster}.lifecycle`,
    ...instances('monitoring_role_arn').map((place) => `-${place}`),
    `${cluster}.deletion_protection`,
    `${cluster}.iam_database_authentication_enabled`,
    `${cluster}.skip_final_snapshot`,
    ...instances('monitoring_interval'),
  ),
  of('minorVersion', 5, `${cluster}.engine_version`, ...instances('auto_minor_version_upgrade')),
  of('masterUser.name', 'other', `${cluster}.master_username`),
  of(
    'masterUser.secretKeyArn',
    'arn:aws:kms:eu-central-1:123456789012:key/2',
    `${cluster}.master_user_secret_kms_key_id`,
    `${policy}.policy`,
  ),
  of(
    'masterUser.rotationDays',
    60,
    `${resource('aws_secretsmanager_secret_rotation', 'secret_rotation')}.rotation_rules.automatically_after_days`,
  ),
  of('storage.type', 'standard', `${cluster}.storage_type`),
  of('storage.encrypted', false, `${cluster}.storage_encrypted`, `-${cluster}.kms_key_id`),
  of('instanceClass', 'db.r7g.large', `${writer}.instance_class`, `${each('2')}.class`),
  of('writer.failoverPriority', 3, `${writer}.promotion_tier`),
  of('writer.availabilityZone', 'eu-central-1a', `+${writer}.availability_zone`),
  within('readers[].instanceClass', 'readers[1].instanceClass', 'db.r7g.large', `${each('3')}.class`),
  within('readers[].failoverPriority', 'readers[0].failoverPriority', 2, `${each('2')}.priority`),
  within('readers[].availabilityZone', 'readers[0].availabilityZone', 'eu-central-1c', `${each('2')}.zone`),
  of(
    'proxy',
    false,
    ...['aws_db_proxy', 'aws_db_proxy_default_target_group', 'aws_db_proxy_target', 'aws_iam_role_policy'].map(
      (type) => `-source.resource.${type}`,
    ),
    `-${resource('aws_iam_role', 'proxy_role')}`,
  ),
  of('dataApi', false, `${cluster}.enable_http_endpoint`),
  of('port', 5433, `${cluster}.port`),
  of('iamAuthentication', false, `${cluster}.iam_database_authentication_enabled`),
  of('kerberos.directoryId', 'd-1111111111', `${cluster}.domain`),
  of('kerberos.roleName', 'other', `${cluster}.domain_iam_role_name`),
  of(
    'insights.mode',
    'standard',
    `-${cluster}.performance_insights_enabled`,
    `-${cluster}.performance_insights_retention_period`,
    `${cluster}.database_insights_mode`,
  ),
  of(
    'insights.retentionDays',
    731,
    `${cluster}.performance_insights_retention_period`,
    ...instances('performance_insights_retention_period'),
  ),
  of('monitoringSeconds', 15, ...instances('monitoring_interval')),
  of('database', 'other', `${cluster}.database_name`),
  within('instanceParameters', 'instanceParameters.log_min_duration_statement', 700, `${parameter}.parameter.0.value`),
  of('backup.retentionDays', 9, `${cluster}.backup_retention_period`),
  of('backup.window', '05:00-05:45', `${cluster}.preferred_backup_window`),
  of('backup.copyTags', false, `${cluster}.copy_tags_to_snapshot`, ...instances('copy_tags_to_snapshot')),
  of('backup.finalSnapshot', false, `${cluster}.skip_final_snapshot`, `-${cluster}.final_snapshot_identifier`),
  of('logExports', ['postgresql'], `-${cluster}.enabled_cloudwatch_logs_exports.1`),
  of('autoMinorVersionUpgrade', false, ...instances('auto_minor_version_upgrade')),
  of('maintenanceWindow', 'wed:03:15-wed:04:00', `${cluster}.preferred_maintenance_window`),
  of('caCertificate', 'rds-ca-ecc384-g1', ...instances('ca_cert_identifier')),
  of('deletionProtection', false, `${cluster}.deletion_protection`, `-${cluster}.lifecycle`),
  of('network.publicAccess', true, ...instances('publicly_accessible')),
  within(
    'network.subnetIds',
    'network.subnetIds[1]',
    'subnet-0a1111111111111d2',
    '+source.data.aws_subnet.production_subnet_0a1111111111111d2',
    '-source.data.aws_subnet.production_subnet_0a1111111111111d1',
    `${proxy}.vpc_subnet_ids.1`,
    ...['condition', 'error_message'].map((part) => `${subnets}.lifecycle.precondition.0.${part}`),
    `${subnets}.subnet_ids.1`,
  ),
  {
    ...of('network.subnetGroup', 'other', `${cluster}.db_subnet_group_name`),
    first: [
      ...CREATE,
      ['source.cluster.create.proxy', false],
      ['source.cluster.create.network', { subnetGroup: 'one' }],
    ],
  },
  ...(['minCapacity', 'maxCapacity'] as const).map((end, index) => ({
    ...of(
      `serverlessV2.${end}`,
      8,
      `${cluster}.serverlessv2_scaling_configuration.${['min_capacity', 'max_capacity'][index]}`,
    ),
    first: [
      ...CREATE,
      ['source.cluster.create.instanceClass', undefined],
      ['source.cluster.create.serverlessV2', { minCapacity: 1, maxCapacity: 16 }],
    ] as SettingPlace['first'],
  })),
];
