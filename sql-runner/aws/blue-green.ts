import { DescribeBlueGreenDeploymentsCommand } from '@aws-sdk/client-rds';
import { callAws } from './aws-errors';
import type { AccountClients } from './clients';

export interface BlueGreen {
  readonly identifier: string;
  readonly name: string;
  readonly status: string;
}

/** The Blue/Green deployments whose blue cluster it is, or whose green one. */
export async function blueGreenDeployments(clients: AccountClients, clusterArn: string): Promise<BlueGreen[]> {
  return callAws('rds:DescribeBlueGreenDeployments', clients.accountId, async () => {
    const found: BlueGreen[] = [];
    let marker: string | undefined;
    do {
      const page = await clients.rds.send(new DescribeBlueGreenDeploymentsCommand({ Marker: marker }));
      for (const one of page.BlueGreenDeployments ?? []) {
        if (one.Source !== clusterArn && one.Target !== clusterArn) continue;
        const identifier = one.BlueGreenDeploymentIdentifier ?? '';
        found.push({ identifier, name: one.BlueGreenDeploymentName ?? identifier, status: one.Status ?? 'unknown' });
      }
      marker = page.Marker;
    } while (marker !== undefined && marker !== '');
    return found;
  });
}
