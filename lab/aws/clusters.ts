import { AwsError } from './aws-error';
import type { Scope } from './operation';
import { clustersUsing, groupFor, inForce, parameterGroup, waitingParameters } from './parameter-groups';
import type { Account, Cluster, Instance, ParameterGroup } from './world';

/** Finds a cluster by its identifier, or by its ARN in the same account, as the RDS API does. */
export function findCluster(account: Account, identifierOrArn: string): Cluster {
  const wanted = identifierOrArn.toLowerCase();
  const cluster = Object.values(account.clusters).find(
    (one) => one.identifier === wanted || one.arn === identifierOrArn,
  );
  if (cluster === undefined)
    throw new AwsError('DBClusterNotFoundFault', `DBCluster ${identifierOrArn} not found.`, 404);
  return cluster;
}

export function findInstance(account: Account, identifier: string): Instance {
  const instance = account.instances[identifier.toLowerCase()];
  if (instance === undefined) throw new AwsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, 404);
  return instance;
}

export function instancesOf(account: Account, cluster: Cluster): Instance[] {
  return Object.values(account.instances).filter((instance) => instance.clusterIdentifier === cluster.identifier);
}

/**
 * Points a cluster at another parameter group. RDS applies nothing of the new
 * group, not even its dynamic parameters, before the next reboot [Aurora user
 * guide, working with DB cluster parameter groups].
 */
export function attachGroup({ account, servers }: Scope, cluster: Cluster, groupName: string): void {
  groupFor(account, groupName, cluster.engineVersion);
  if (cluster.parameterGroup === groupName) return;
  cluster.parameterGroup = groupName;
  if (!servers.isRunning(cluster)) return;
  cluster.groupAttachedSince = true;
  for (const instance of instancesOf(account, cluster)) instance.parameterStatus = 'pending-reboot';
}

/**
 * After the values of a group changed: its clusters get at once what is dynamic and `immediate`, and wait for a reboot
 * with everything else.
 *
 * @param before the group's parameters before the change
 */
export async function applyGroup(
  { account, servers }: Scope,
  groupName: string,
  before: ParameterGroup['parameters'],
): Promise<void> {
  const group = parameterGroup(account, groupName);
  for (const cluster of clustersUsing(account, groupName)) {
    // A group that was attached since the last reboot waits for the reboot as a whole.
    if (!servers.isRunning(cluster) || cluster.groupAttachedSince === true) continue;
    const waiting = waitingParameters(group, before, cluster.waitingParameters);
    const staticWaits = await servers.applySettings(cluster, inForce(group, waiting));
    cluster.waitingParameters = waiting;
    if (!staticWaits && Object.keys(waiting).length === 0) continue;
    for (const instance of instancesOf(account, cluster)) instance.parameterStatus = 'pending-reboot';
  }
}

/** Everything of its group is in force. */
export function nothingWaits(cluster: Cluster): void {
  delete cluster.groupAttachedSince;
  delete cluster.waitingParameters;
}

/**
 * Starts the reboot of an instance and returns while it runs, like RDS: callers
 * poll for `available`. Only the writer of the lab is a server of its own;
 * readers share it.
 */
export function reboot(scope: Scope, instance: Instance): void {
  const { account, servers, save } = scope;
  if (instance.status !== 'available') {
    throw new AwsError(
      'InvalidDBInstanceState',
      `Instance ${instance.identifier} cannot be rebooted while it is ${instance.status}.`,
    );
  }
  const cluster = findCluster(account, instance.clusterIdentifier);
  instance.status = 'rebooting';
  const work = instance.writer
    ? servers.restart(cluster, parameterGroup(account, cluster.parameterGroup)).then(() => nothingWaits(cluster))
    : Promise.resolve();
  void work.then(
    () => {
      instance.status = 'available';
      instance.parameterStatus = 'in-sync';
      save();
    },
    (error: unknown) => {
      instance.status = 'failed';
      console.error(`reboot of ${instance.identifier} failed:`, error);
      save();
    },
  );
}
