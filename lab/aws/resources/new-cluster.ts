import { rememberedArguments } from '../cluster-arguments';
import { AwsError } from '../aws-error';
import { restoredSettings } from '../cluster-settings';
import { arn, plainPassword, rdsResourceId } from '../ids';
import { letsIn } from '../key-policy';
import { manageMasterPassword } from '../master-password';
import type { Scope } from '../operation';
import { defaultGroupName, familyOf, groupFor } from '../parameter-groups';
import type { Cluster } from '../world';
import { existing } from './kept';
import { optionalText, tagsOf, text, texts, type Attributes } from './handler';
import { securityGroup } from './vpc';

/** What a new cluster has where nothing is said (CreateDBCluster). */
const NOTHING_SAID = { storageType: '', backupRetention: 1, iamAuthentication: false, logExports: [] };
const DEFAULT_PORT = 5432;

/** CreateDBCluster: a cluster without a server. The first instance that is made for it starts one. */
export function newCluster(scope: Scope, config: Attributes): Cluster {
  const { account, region, servers } = scope;
  const identifier = text(config, 'cluster_identifier').toLowerCase();
  if (account.clusters[identifier] !== undefined)
    throw new AwsError('DBClusterAlreadyExistsFault', `DB Cluster already exists: ${identifier}`);
  const engineVersion = versionFor(servers.engineVersion, optionalText(config, 'engine_version'));
  const parameterGroup =
    optionalText(config, 'db_cluster_parameter_group_name') ?? defaultGroupName(familyOf(engineVersion));
  groupFor(account, parameterGroup, engineVersion);
  const resourceId = rdsResourceId('cluster');
  const cluster: Cluster = {
    identifier,
    arn: arn('rds', region, account.id, `cluster:${identifier}`),
    resourceId,
    engineVersion,
    port: typeof config.port === 'number' ? config.port : DEFAULT_PORT,
    databases: [optionalText(config, 'database_name') ?? []].flat(),
    masterUsername: text(config, 'master_username'),
    masterSecretArn: null,
    masterSecretKmsKeyId: null,
    adminPassword: plainPassword(),
    pendingMasterPassword: null,
    directory: servers.directoryFor(resourceId),
    parameterGroup,
    subnetGroup: subnetGroup(scope, config),
    securityGroupIds: texts(config, 'vpc_security_group_ids').map((id) => securityGroup(account, id).id),
    deletionProtection: config.deletion_protection === true,
    settings: restoredSettings(config, NOTHING_SAID),
    remembered: rememberedArguments(config),
    kmsKeyId: key(scope, config),
    sourceArn: null,
    seedLsn: null,
    everStarted: false,
    tags: tagsOf(config),
  };
  cluster.pendingMasterPassword = managedPassword(scope, cluster, config);
  account.clusters[identifier] = cluster;
  return cluster;
}

/** The server that the lab has is of one version; a major version alone takes it. */
function versionFor(has: string, wanted = has): string {
  if (has === wanted || has.startsWith(`${wanted}.`)) return has;
  throw new AwsError(
    'InvalidParameterCombination',
    `Cannot find version ${wanted} for aurora-postgresql; this lab has ${has}.`,
  );
}

function subnetGroup({ account }: Scope, config: Attributes): string {
  const name = optionalText(config, 'db_subnet_group_name') ?? 'default';
  if (account.subnetGroups[name] === undefined)
    throw new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`, 404);
  return name;
}

function key(scope: Scope, config: Attributes): string | null {
  if (config.storage_encrypted !== true) return null;
  const wanted = optionalText(config, 'kms_key_id') ?? `arn:aws:kms:${scope.region}:${scope.account.id}:alias/aws/rds`;
  if (wanted.endsWith('alias/aws/rds') || letsIn(scope, wanted, 'kms:CreateGrant', 'rds')) return wanted;
  throw new AwsError(
    'KMSKeyNotAccessibleFault',
    `The KMS key ${wanted} does not exist, is not enabled or you do not have permissions to access it.`,
  );
}

function managedPassword({ account, region }: Scope, cluster: Cluster, config: Attributes): string {
  if (config.manage_master_user_password !== true)
    throw new AwsError('InvalidParameterCombination', 'The lab makes clusters only with a password that RDS manages.');
  const secretKey = optionalText(config, 'master_user_secret_kms_key_id') ?? null;
  if (secretKey !== null && account.kmsKeys[secretKey] === undefined)
    throw new AwsError('KMSKeyNotAccessibleFault', `The KMS key ${secretKey} does not exist.`);
  return manageMasterPassword(account, region, cluster, secretKey);
}

/** CreateDBInstance looks at what the instance is to have beside its cluster. */
export function checkInstance(scope: Scope, cluster: Cluster, config: Attributes): void {
  const { account } = scope;
  const zone = optionalText(config, 'availability_zone');
  const zones = (account.subnetGroups[cluster.subnetGroup]?.subnetIds ?? []).map(
    (id) => account.subnets[id]?.availabilityZone,
  );
  if (zone !== undefined && !zones.includes(zone))
    throw new AwsError(
      'InvalidVPCNetworkStateFault',
      `DB subnet group ${cluster.subnetGroup} has no subnet in ${zone}.`,
    );
  const group = optionalText(config, 'db_parameter_group_name');
  if (group !== undefined && !group.startsWith('default.'))
    existing(scope, 'aws_db_parameter_group', group, 'DBParameterGroupNotFound');
  const roleArn = optionalText(config, 'monitoring_role_arn');
  if (roleArn !== undefined) existing(scope, 'aws_iam_role', roleArn.split('/').at(-1) ?? '', 'InvalidParameterValue');
  else if (Number(config.monitoring_interval ?? 0) > 0)
    throw new AwsError(
      'InvalidParameterCombination',
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
  if (
    text(config, 'instance_class') === 'db.serverless' &&
    cluster.remembered?.serverlessv2_scaling_configuration === undefined
  )
    throw new AwsError(
      'InvalidDBClusterStateFault',
      'Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.',
    );
}
