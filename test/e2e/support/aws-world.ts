import {
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
  RebootDBInstanceCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBInstanceAvailable,
} from '@aws-sdk/client-rds';
import { clientOf, terraformAs } from '../../lab/aws/support';
import type { DirectLab } from './direct-lab';

/** What operators and Terraform do to the clusters of both accounts, over HTTP with the real SDK. */
export class AwsWorld {
  constructor(private readonly world: DirectLab) {}

  private account(side: 'source' | 'target'): string {
    const { contract } = this.world;
    return (side === 'source' ? contract.account : contract.targetAccount).accountId;
  }

  private rds(side: 'source' | 'target'): RDSClient {
    // Where sql-runner asks too.
    return new RDSClient({ ...clientOf(this.world.lab, this.account(side)), endpoint: process.env.AWS_ENDPOINT_URL! });
  }

  /** As a deploy of the stack that has the group. */
  async setGroup(side: 'source' | 'target', name: string, values: Readonly<Record<string, string>>, exists = true) {
    const parameter = Object.entries(values).map(([key, value]) => ({
      name: key,
      value,
      apply_method: 'pending-reboot',
    }));
    const group = { id: name, name, family: 'aurora-postgresql17', parameter };
    const prior = exists ? { id: name, name } : null;
    await terraformAs(this.world.lab, this.account(side))(
      exists ? 'update' : 'create',
      'aws_rds_cluster_parameter_group',
      group,
      prior,
    );
  }

  async attachGroup(cluster: string, group: string): Promise<void> {
    await this.rds('source').send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: cluster,
        DBClusterParameterGroupName: group,
        ApplyImmediately: true,
      }),
    );
  }

  /** Carries out the command of the AWS CLI that a fix prints. */
  async carryOut(side: 'source' | 'target', { verb, identifier }: { verb: string; identifier: string }): Promise<void> {
    const client = this.rds(side);
    const wait = { client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
    switch (verb) {
      case 'reboot-db-instance':
        await client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: identifier }));
        await waitUntilDBInstanceAvailable(wait, { DBInstanceIdentifier: identifier });
        return;
      case 'wait db-cluster-available':
        await waitUntilDBClusterAvailable(wait, { DBClusterIdentifier: identifier });
        return;
      default:
        throw new Error(`aws rds ${verb} is not known here`);
    }
  }

  /** The engine version as RDS states it, from where the source stack's contract has it. */
  async engineVersion(cluster: string): Promise<string> {
    const { DBClusters: found } = await this.rds('source').send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }),
    );
    return found![0]!.EngineVersion!;
  }
}
