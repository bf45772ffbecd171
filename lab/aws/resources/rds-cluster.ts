import { AwsError } from '../aws-error';
import { attachGroup, findCluster, instancesOf } from '../clusters';
import { rememberedArguments } from '../cluster-arguments';
import { restoredSettings, settingsOf, updatedSettings } from '../cluster-settings';
import { arn, rdsResourceId } from '../ids';
import { forgetMasterPassword, manageMasterPassword } from '../master-password';
import type { Scope } from '../operation';
import { defaultGroupName, familyOf, groupFor } from '../parameter-groups';
import type { Account, Cluster } from '../world';
import { storageZones, zonesOf } from '../zones';
import { clusterAttributes } from './cluster-attributes';
import { newCluster } from './new-cluster';
import { blocks, optionalText, tagsOf, text, texts, type Attributes, type ResourceHandler } from './handler';
import { cloneKey, sharedSource } from './shared-source';
import { securityGroup } from './vpc';

function computed({ account, region }: Scope, cluster: Cluster): Attributes {
  return {
    ...clusterAttributes(region, account, cluster),
    ...cluster.remembered,
    deletion_protection: cluster.deletionProtection,
    tags_all: cluster.tags,
    engine_version_actual: cluster.engineVersion,
    storage_type: settingsOf(cluster).storageType,
  };
}

/** Checks everything before anything is copied, so that a refused clone leaves nothing behind. */
async function cloneRecord(scope: Scope, config: Attributes, source: Cluster): Promise<Cluster> {
  const { account, region, servers } = scope;
  const identifier = text(config, 'cluster_identifier').toLowerCase();
  if (account.clusters[identifier] !== undefined) {
    throw new AwsError('DBClusterAlreadyExistsFault', `DB Cluster already exists: ${identifier}`);
  }
  const groupName =
    optionalText(config, 'db_cluster_parameter_group_name') ?? defaultGroupName(familyOf(source.engineVersion));
  groupFor(account, groupName, source.engineVersion);
  const resourceId = rdsResourceId('cluster');
  return {
    identifier,
    arn: arn('rds', region, account.id, `cluster:${identifier}`),
    resourceId,
    engineVersion: source.engineVersion,
    port: typeof config.port === 'number' ? config.port : await servers.freePort(),
    databases: [...source.databases],
    masterUsername: source.masterUsername,
    masterSecretArn: null,
    masterSecretKmsKeyId: null,
    adminPassword: source.adminPassword,
    pendingMasterPassword: null,
    directory: servers.directoryFor(resourceId),
    parameterGroup: groupName,
    subnetGroup: subnetGroupName(scope, config),
    securityGroupIds: texts(config, 'vpc_security_group_ids').map((id) => securityGroup(account, id).id),
    deletionProtection: config.deletion_protection === true,
    settings: restoredSettings(config, settingsOf(source)),
    remembered: rememberedArguments(config),
    kmsKeyId: cloneKey(scope, config, source),
    sourceArn: source.arn,
    seedLsn: null,
    everStarted: false,
    tags: tagsOf(config),
  };
}

function subnetGroupName(scope: Scope, config: Attributes): string {
  const { account } = scope;
  const name = optionalText(config, 'db_subnet_group_name') ?? 'default';
  if (account.subnetGroups[name] === undefined) {
    throw new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`, 404);
  }
  coverStorage(scope, account.subnetGroups[name].subnetIds);
  return name;
}

/** Storage is cloned where it is, so two of its zones must have a subnet; ids compare, names do not. */
function coverStorage({ world, account, region }: Scope, subnetIds: readonly string[]): void {
  const idOf = (owner: Account, zone: string | undefined) =>
    zonesOf(world, owner, region).find(({ name }) => name === zone)?.id;
  const [production] = Object.values(world.accounts) as [Account];
  const storage = storageZones(region).map((zone) => idOf(production, zone));
  const covered = new Set(subnetIds.map((id) => idOf(account, account.subnets[id]?.availabilityZone)));
  if (storage.filter((id) => covered.has(id)).length >= 2) return;
  const message = 'DB Subnet Group doesn’t meet availability zone coverage requirement for the storage of the source.';
  throw new AwsError('DBSubnetGroupDoesNotCoverEnoughAZs', message);
}

function setManagedPassword({ account, region }: Scope, cluster: Cluster, config: Attributes): void {
  const key = optionalText(config, 'master_user_secret_kms_key_id') ?? null;
  cluster.pendingMasterPassword = manageMasterPassword(account, region, cluster, key);
}

/** Clones whose copy is being made; a second request meanwhile must not make a second one. */
const copying = new Set<string>();

export const rdsCluster: ResourceHandler = {
  async create(scope, config) {
    const { account, servers } = scope;
    if (blocks(config, 'restore_to_point_in_time').length === 0) return computed(scope, newCluster(scope, config));
    const source = sharedSource(scope, config);
    const lock = `${account.id} ${source.arn}`;
    if (copying.has(lock))
      throw new AwsError('DBClusterAlreadyExistsFault', `A clone of ${source.arn} is being created.`);
    copying.add(lock);
    try {
      const cluster = await cloneRecord(scope, config, source);
      await servers.copy(source, cluster);
      account.clusters[cluster.identifier] = cluster;
      if (config.manage_master_user_password === true) setManagedPassword(scope, cluster, config);
      return computed(scope, cluster);
    } finally {
      copying.delete(lock);
    }
  },

  read(scope, prior) {
    const cluster = scope.account.clusters[text(prior, 'id')];
    return cluster === undefined ? null : computed(scope, cluster);
  },

  async update(scope, config, prior) {
    const { account, servers } = scope;
    const cluster = findCluster(account, text(prior, 'id'));
    const groupName = optionalText(config, 'db_cluster_parameter_group_name');
    if (groupName !== undefined) attachGroup(scope, cluster, groupName);
    cluster.securityGroupIds = texts(config, 'vpc_security_group_ids').map((id) => securityGroup(account, id).id);
    cluster.deletionProtection = config.deletion_protection === true;
    cluster.settings = updatedSettings(config, settingsOf(cluster));
    cluster.remembered = rememberedArguments(config);
    cluster.tags = tagsOf(config);
    if (config.manage_master_user_password === true && cluster.masterSecretArn === null) {
      setManagedPassword(scope, cluster, config);
      if (servers.isRunning(cluster)) await tellPassword(scope, cluster);
    }
    return computed(scope, cluster);
  },

  async delete({ account, servers }, prior) {
    const cluster = findCluster(account, text(prior, 'id'));
    if (cluster.deletionProtection) {
      throw new AwsError(
        'InvalidParameterCombination',
        `Cannot delete protected Cluster, please disable deletion protection and try again.`,
      );
    }
    if (instancesOf(account, cluster).length > 0) {
      throw new AwsError(
        'InvalidDBClusterStateFault',
        'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
      );
    }
    if (prior.skip_final_snapshot !== true && optionalText(prior, 'final_snapshot_identifier') === undefined) {
      const message = 'final_snapshot_identifier is required when skip_final_snapshot is false';
      throw new AwsError('InvalidParameterCombination', message);
    }
    await servers.destroy(cluster);
    forgetMasterPassword(account, cluster);
    delete account.clusters[cluster.identifier];
  },
};

/** Sets the password that waits for the server. */
export async function tellPassword({ servers }: Scope, cluster: Cluster): Promise<void> {
  if (cluster.pendingMasterPassword === null) return;
  await servers.setMasterPassword(cluster, cluster.pendingMasterPassword);
  cluster.pendingMasterPassword = null;
}
