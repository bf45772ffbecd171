import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RebootDBInstanceCommand,
  type DBCluster,
} from '@aws-sdk/client-rds';
import { OperatorError } from '../../errors/operator-error';
import { callAws } from './aws-errors';
import type { AccountClients } from './clients';

export interface ClusterFacts {
  readonly status: string;
  readonly parameterGroup: string;
  readonly writer: string;
  /** Never given twice: a cluster that was restored has another one, also under the same name. */
  readonly resourceId: string | null;
  /** in-sync, pending-reboot or applying. */
  readonly parameterGroupStatus: string;
}

/** The cluster as RDS describes it, reduced to what plans rest on. */
export async function describeCluster(clients: AccountClients, identifier: string): Promise<ClusterFacts> {
  const cluster = await callAws('rds:DescribeDBClusters', clients.accountId, async () => {
    const answer = await clients.rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }));
    return answer.DBClusters?.[0];
  });
  const writer = cluster?.DBClusterMembers?.find((member) => member.IsClusterWriter);
  if (cluster === undefined || writer?.DBInstanceIdentifier === undefined) throw noWriter(clients, identifier, cluster);
  return {
    status: cluster.Status ?? 'unknown',
    parameterGroup: cluster.DBClusterParameterGroup ?? '',
    writer: writer.DBInstanceIdentifier,
    resourceId: cluster.DbClusterResourceId ?? null,
    parameterGroupStatus: writer.DBClusterParameterGroupStatus ?? 'unknown',
  };
}

function noWriter(clients: AccountClients, identifier: string, cluster: DBCluster | undefined): OperatorError {
  return new OperatorError({
    code: 'CLUSTER_WITHOUT_WRITER',
    seen: `cluster ${identifier} in account ${clients.accountId} ${cluster === undefined ? 'was not found' : `is ${cluster.Status} and has no writer instance`}`,
    why: 'cloning and logical replication need a running writer',
    next: 'start the cluster or add an instance, then run the command again',
  });
}

/** Status of one instance: available, rebooting, … */
export async function instanceStatus(clients: AccountClients, identifier: string): Promise<string> {
  return callAws('rds:DescribeDBInstances', clients.accountId, async () => {
    const answer = await clients.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
    return answer.DBInstances?.[0]?.DBInstanceStatus ?? 'unknown';
  });
}

export async function attachParameterGroup(clients: AccountClients, cluster: string, group: string): Promise<void> {
  await callAws('rds:ModifyDBCluster', clients.accountId, () =>
    clients.rds.send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: cluster,
        DBClusterParameterGroupName: group,
        ApplyImmediately: true,
      }),
    ),
  );
}

export async function rebootInstance(clients: AccountClients, identifier: string): Promise<void> {
  await callAws('rds:RebootDBInstance', clients.accountId, () =>
    clients.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: identifier })),
  );
}

/** Parameters that somebody set in a cluster parameter group: name to value. */
export async function userParameters(clients: AccountClients, group: string): Promise<Map<string, string>> {
  return callAws('rds:DescribeDBClusterParameters', clients.accountId, async () => {
    const values = new Map<string, string>();
    let marker: string | undefined;
    do {
      const page = await clients.rds.send(
        new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: group, Source: 'user', Marker: marker }),
      );
      for (const { ParameterName: name, ParameterValue: value } of page.Parameters ?? []) {
        if (name !== undefined && value !== undefined) values.set(name, value);
      }
      marker = page.Marker;
    } while (marker !== undefined && marker !== '');
    return values;
  });
}
