import { DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { explain } from '../explain/explain';
import { callAws } from './aws-errors';
import type { AccountClients } from './clients';

const PATIENCE_MS = 5_000;

/**
 * What RDS says of a cluster that does not answer itself, as a phrase: stopped, deleted and failing over look the same
 * to whoever only tries to connect. RDS may call a server available for minutes after it has died, so it is its word,
 * and no more. It fails nothing.
 */
export async function whatRdsSays(clients: AccountClients, identifier: string): Promise<string> {
  try {
    const { DBClusters } = await callAws('rds:DescribeDBClusters', clients.accountId, () =>
      clients.rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }), {
        abortSignal: AbortSignal.timeout(PATIENCE_MS),
      }),
    );
    const cluster = DBClusters?.[0];
    if (cluster === undefined) return unknown(clients, identifier);
    const isWithoutWriter = !cluster.DBClusterMembers?.some((member) => member.IsClusterWriter);
    return `RDS says that cluster ${identifier} is ${cluster.Status ?? 'in a state it does not name'}${isWithoutWriter ? ' and has no writer' : ''}`;
  } catch (cause) {
    const { code } = explain(cause);
    return code === 'AWS_NOT_FOUND' ? unknown(clients, identifier) : `what RDS says of it is not known (${code})`;
  }
}

const unknown = ({ accountId }: AccountClients, identifier: string): string =>
  `RDS knows no cluster ${identifier} in account ${accountId}`;
