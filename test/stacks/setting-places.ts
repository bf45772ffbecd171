import {
  adopted,
  cloneCluster,
  cloneContract,
  cloneEvents,
  oneClone,
  CLOUD,
  contract,
  dependsOn,
  forgotten,
  group,
  onceEach,
  ownerTexts,
  production,
  s3,
  sourceVpc,
  statesIn,
} from './json-places';
import { CREATED } from './created-setting-places';
import { at, of, type SettingPlace } from './setting-place';
import { alarm, dashboard, MONITORING, SERVER_ALARMS, SLOT_ALARMS } from './monitoring-places';
import { NETWORK } from './network-places';
import { RUNNER_PLACES } from './runner-places';
import { SHARING } from './sharing-places';
import { TARGET } from './target-setting-places';

const BACKEND: readonly SettingPlace[] = [
  of('backend.bucket', 'other', ...onceEach(s3, 'bucket')),
  of('backend.region', 'eu-west-1', ...onceEach(s3, 'region')),
  of('backend.keyPrefix', 'p', ...onceEach(s3, 'key')),
  of('backend.kmsKeyId', 'k', ...onceEach(s3, 'kms_key_id')),
  of('backend.sourceRoleArn', 'arn:aws:iam::123456789012:role/x', `${s3[0]}.assume_role.role_arn`),
  of('backend.targetRoleArn', 'arn:aws:iam::123456789012:role/x', ...onceEach(s3.slice(1), 'assume_role.role_arn')),
];

/** With all of it the stack's beforehand, where what belongs to the owner is the key's policy alone. */
const MANAGE: readonly SettingPlace[] = [
  of(
    'source.manage.parameterGroup',
    'owner',
    `${contract}.production.manage.parameterGroup`,
    `${contract}.parameterGroup.name`,
    `-${contract}.parameterGroup.parameters.rds.force_ssl`,
    `-${contract}.parameterGroup.parameters.shared_preload_libraries`,
    '-source.resource.aws_rds_cluster_parameter_group',
    ...ownerTexts,
  ),
  of(
    'source.manage.securityGroupRules',
    'owner',
    `${contract}.production.manage.securityGroupRules`,
    '-source.resource.aws_vpc_security_group_ingress_rule',
    `${dependsOn}.20`,
    `-${dependsOn}.21`,
    ...forgotten(13),
    ...ownerTexts,
  ),
  of(
    'source.manage.routes',
    'owner',
    `${contract}.production.manage.routes`,
    '-source.resource.aws_route',
    ...[15, 16, 17, 18, 19].map((number) => `${dependsOn}.${number}`),
    ...[20, 21].map((number) => `-${dependsOn}.${number}`),
    ...forgotten(13, 14),
    ...ownerTexts,
  ),
  // It can be nothing else.
  of('source.manage.keyPolicy', 'owner'),
];

const SOURCE: readonly SettingPlace[] = [
  of(
    'region',
    'eu-west-1',
    `${contract}.region`,
    'source.output.kms_key_policy_statement.value',
    ...ownerTexts,
    'source.provider.aws.0.region',
    `${cloneContract}.region`,
    cloneEvents,
    'target.provider.aws.0.region',
    dashboard('source'),
    dashboard('target'),
  ),
  of(
    'source.accountId',
    '123456789013',
    `${contract}.account.accountId`,
    'source.provider.aws.0.allowed_account_ids.0',
  ),
  at('source.tags', 'source.tags.CostCenter', 'x', 'source.provider.aws.0.default_tags.0.tags.CostCenter'),
  of('source.roleArn', undefined, `${contract}.account.terraformRoleArn`, '-source.provider.aws.0.assume_role'),
  of('source.runnerRoleArn', undefined, `${contract}.account.roleArn`, `-${contract}.account.terraformRoleArn`),
  of('source.externalId', 'other', `${contract}.account.externalId`, 'source.provider.aws.0.assume_role.0.external_id'),
  of(
    'source.cluster.identifier',
    'x',
    'source.data.aws_db_subnet_group.production_subnets.lifecycle.postcondition.0.error_message',
    `${production}.cluster_identifier`,
    dashboard('source'),
    ...[...SLOT_ALARMS, ...SERVER_ALARMS].map((name) => `${alarm('source', name)}.dimensions.DBClusterIdentifier`),
  ),
  of('source.cluster.mode', 'adopt', ...adopted),
  of(
    'source.cluster.majorVersion',
    16,
    `${production}.lifecycle.postcondition.1.condition`,
    `${production}.lifecycle.postcondition.1.error_message`,
    `${group('source')}.family`,
    `${group('source')}.name`,
    `${group('target')}.family`,
    `${group('target')}.name`,
  ),
  of('source.cluster.parameterGroup', 'x', `${contract}.parameterGroup.previous`),
  at(
    'source.cluster.extraParameters',
    'source.cluster.extraParameters."rds.force_ssl"',
    0,
    `${contract}.parameterGroup.parameters.rds.force_ssl`,
    `${group('source')}.parameter.2.value`,
    `${group('target')}.parameter.4.value`,
  ),
  of(
    'source.cluster.adminSecretArn',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:o',
    `${contract}.cluster.adminSecretArn`,
  ),
  of('source.network.vpcId', 'vpc-0123456789abcdef1', ...sourceVpc),
  of(
    'source.network.vpcCidr',
    '10.2.0.0/16',
    'target.resource.aws_route.to_source_rtb_0fedcba9876543210.destination_cidr_block',
    'target.resource.aws_vpc_security_group_egress_rule.clone_network_egress.cidr_ipv4',
  ),
  at(
    'source.network.routeTableIds',
    'source.network.routeTableIds[1]',
    'rtb-0123456789abcdef2',
    `${contract}.production.routeTableIds.1`,
    '-source.resource.aws_route.to_target_rtb_0123456789abcdef1',
    '+source.resource.aws_route.to_target_rtb_0123456789abcdef2',
    `${dependsOn}.16`,
  ),
  at(
    'source.network.securityGroupIds',
    'source.network.securityGroupIds[0]',
    'sg-0123456789abcdef1',
    `${contract}.production.securityGroupIds.0`,
    '-source.resource.aws_vpc_security_group_ingress_rule.from_target_sg_0123456789abcdef0',
    '+source.resource.aws_vpc_security_group_ingress_rule.from_target_sg_0123456789abcdef1',
    `${dependsOn}.20`,
  ),
  ...MANAGE,
];

const STREAM = `${contract}.links.0.streams.0`;

const REST: readonly SettingPlace[] = [
  of(
    'kms.sourceKeyArn',
    'arn:aws:kms:eu-central-1:123456789012:key/2',
    `${production}.lifecycle.postcondition.2.condition`,
    `${contract}.production.sourceKeyArn`,
    ...ownerTexts,
    'target.data.aws_kms_key.source_key.key_id',
  ),
  of(
    'kms.targetKeyArn',
    'arn:aws:kms:eu-central-1:210987654321:key/2',
    'target.data.aws_kms_key.target_key.key_id',
    `${cloneCluster}.kms_key_id`,
    ...['condition', 'error_message'].map((part) => `${oneClone}.${part}`),
  ),
  ...SHARING,
  of('replication.role', 'other', `${contract}.replication.role`),
  of('replication.sslRootCert', '/x', `${contract}.replication.sslRootCert`),
  of(
    'replication.secretRecoveryDays',
    7,
    '-source.resource.aws_secretsmanager_secret.replication_secret.name',
    '+source.resource.aws_secretsmanager_secret.replication_secret.name_prefix',
    'source.resource.aws_secretsmanager_secret.replication_secret.recovery_window_in_days',
    'source.resource.aws_secretsmanager_secret.replication_secret.lifecycle.ignore_changes.0',
  ),
  at(
    'databases[].name',
    'databases[0].name',
    'other',
    `${contract}.links.0.database`,
    `${STREAM}.publication`,
    `${STREAM}.slot`,
    `${STREAM}.subscription`,
  ),
  at(
    'databases[].tables',
    'databases[2].tables[0]',
    'public.a',
    `${contract}.links.2.streams.0.selection.tables.0.name`,
  ),
  at('databases[].schemas', 'databases[1].schemas[0]', 'x', `${contract}.links.1.streams.0.selection.schemas.0`),
  at('databases[].exclude', 'databases[0].exclude', ['public.a'], `+${contract}.links.0.streams.0.selection.exclude`),
  of('ddl', 'apply', ...[0, 1, 2].map((link) => `+${contract}.links.${link}.ddl`)),
  at('databases[].ddl', 'databases[1].ddl', 'record', `+${contract}.links.1.ddl`),
  of('acknowledge', ['SLOT_WAL_LIMITED'], `+${contract}.acknowledge.0`),
];

const BUDGET: readonly SettingPlace[] = [
  of('roles', 'follow', `+${contract}.roles`),
  { ...of('ownRoles', ['team'], `+${contract}.roles.own.0`), first: [['roles', 'follow']] },
  { ...of('budget.bytes', '2GB', `${contract}.budget.bytes`), first: [['budget.bytes', '1GB']] },
  { ...of('budget.hours', 3, `${contract}.budget.hours`), first: [['budget.hours', 2]] },
  { ...of('onBudget', 'release', `${contract}.budget.onBudget`), first: [['budget.hours', 2]] },
];

const LOCAL = [['backend', { type: 'local', directory: 'one' }]] as const;
const REMOTE = [
  ['backend', { type: 'remote', hostname: 'a.example.com', organization: 'one', workspacePrefix: 'a-' }],
] as const;

const OTHER_BACKENDS: readonly SettingPlace[] = [
  { ...of('backend.directory', 'two', ...onceEach(statesIn('local'), 'path')), first: LOCAL },
  { ...of('backend.hostname', 'b.example.com', ...onceEach(CLOUD, 'hostname')), first: REMOTE },
  { ...of('backend.organization', 'two', ...onceEach(CLOUD, 'organization')), first: REMOTE },
  { ...of('backend.workspacePrefix', 'b-', ...onceEach(CLOUD, 'workspaces.name')), first: REMOTE },
];

/** Where in the JSON of the stacks each setting ends. */
export const SETTING_PLACES: readonly SettingPlace[] = [
  ...BACKEND,
  ...SOURCE,
  ...TARGET,
  ...NETWORK,
  ...RUNNER_PLACES,
  ...MONITORING,
  ...REST,
  ...BUDGET,
  ...CREATED,
  ...OTHER_BACKENDS,
];
