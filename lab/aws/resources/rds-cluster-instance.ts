import { AwsError } from '../aws-error';
import { findCluster, findInstance, instancesOf, nothingWaits } from '../clusters';
import { rememberedOfInstance } from '../instance-arguments';
import { arn, rdsResourceId } from '../ids';
import type { Scope } from '../operation';
import { parameterGroup } from '../parameter-groups';
import { ENDPOINT_HOST } from '../services/rds-shapes';
import type { Cluster, Instance } from '../world';
import { optionalText, tagsOf, text, type Attributes, type ResourceHandler } from './handler';
import { checkInstance } from './new-cluster';
import { tellPassword } from './rds-cluster';

function attributes({ account }: Scope, instance: Instance): Attributes {
  const cluster = findCluster(account, instance.clusterIdentifier);
  return {
    id: instance.identifier,
    identifier: instance.identifier,
    arn: instance.arn,
    cluster_identifier: cluster.identifier,
    dbi_resource_id: instance.resourceId,
    instance_class: instance.instanceClass,
    availability_zone: instance.availabilityZone,
    db_parameter_group_name: `default.${parameterGroup(account, cluster.parameterGroup).family}`,
    db_subnet_group_name: cluster.subnetGroup,
    endpoint: ENDPOINT_HOST,
    port: cluster.port,
    engine: 'aurora-postgresql',
    engine_version: cluster.engineVersion,
    engine_version_actual: cluster.engineVersion,
    kms_key_id: cluster.kmsKeyId ?? '',
    storage_encrypted: cluster.kmsKeyId !== null,
    network_type: 'IPV4',
    writer: instance.writer,
    ...instance.remembered,
  };
}

/** Aurora keeps the data without any instance; it is the first one that starts a server on it. */
async function startCluster(scope: Scope, cluster: Cluster): Promise<void> {
  if (!cluster.everStarted && cluster.sourceArn === null) return firstStart(scope, cluster);
  const seedLsn = await scope.servers.start(cluster, parameterGroup(scope.account, cluster.parameterGroup));
  cluster.everStarted = true;
  nothingWaits(cluster);
  if (seedLsn !== null) cluster.seedLsn = seedLsn;
  await tellPassword(scope, cluster);
}

/** Of a cluster that is no clone: there is no data yet. */
async function firstStart({ servers, account }: Scope, cluster: Cluster): Promise<void> {
  await servers.create(cluster, parameterGroup(account, cluster.parameterGroup), cluster.pendingMasterPassword ?? '');
  cluster.everStarted = true;
  cluster.pendingMasterPassword = null;
}

/** Terraform creates instances of a cluster at the same time; one of them becomes the writer and starts it. */
const starting = new Map<string, Promise<void>>();

async function startOnce(scope: Scope, cluster: Cluster): Promise<void> {
  const work = starting.get(cluster.arn) ?? startCluster(scope, cluster).finally(() => starting.delete(cluster.arn));
  starting.set(cluster.arn, work);
  await work;
}

const read: ResourceHandler['read'] = (scope, prior) => {
  const instance = scope.account.instances[text(prior, 'id')];
  return instance === undefined ? null : attributes(scope, instance);
};

export const rdsClusterInstance: ResourceHandler = {
  async create(scope, config) {
    const { account, region, servers } = scope;
    const cluster = findCluster(account, text(config, 'cluster_identifier'));
    const resourceId = rdsResourceId('db');
    const identifier =
      optionalText(config, 'identifier') ?? `${cluster.identifier}-${resourceId.slice(-8).toLowerCase()}`;
    if (account.instances[identifier] !== undefined) {
      throw new AwsError('DBInstanceAlreadyExists', `DB instance already exists: ${identifier}`);
    }
    checkInstance(scope, cluster, config);
    if (!servers.isRunning(cluster)) await startOnce(scope, cluster);
    const [subnetId = ''] = account.subnetGroups[cluster.subnetGroup]?.subnetIds ?? [];
    const instance: Instance = {
      identifier,
      arn: arn('rds', region, account.id, `db:${identifier}`),
      resourceId,
      clusterIdentifier: cluster.identifier,
      instanceClass: text(config, 'instance_class'),
      writer: !instancesOf(account, cluster).some((one) => one.writer),
      availabilityZone:
        optionalText(config, 'availability_zone') ?? account.subnets[subnetId]?.availabilityZone ?? `${region}a`,
      status: 'available',
      parameterStatus: 'in-sync',
      remembered: rememberedOfInstance(config),
      tags: tagsOf(config),
    };
    account.instances[identifier] = instance;
    return attributes(scope, instance);
  },

  read,
  update(scope, config, prior) {
    const instance = findInstance(scope.account, text(prior, 'id'));
    instance.instanceClass = text(config, 'instance_class');
    instance.remembered = rememberedOfInstance(config);
    return attributes(scope, instance);
  },

  async delete({ account, servers }, prior) {
    const instance = account.instances[text(prior, 'id')];
    if (instance === undefined) return;
    const cluster = findCluster(account, instance.clusterIdentifier);
    delete account.instances[instance.identifier];
    const [next] = instancesOf(account, cluster);
    if (next === undefined) await servers.stop(cluster);
    // Aurora fails over to a reader; on this machine they are one server.
    else if (instance.writer) account.instances[next.identifier] = { ...next, writer: true };
  },
};
