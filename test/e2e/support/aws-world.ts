import { DescribeDBClustersCommand, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { applyMethod } from '../../../environments/parameters/apply-method';
import { clientOf, terraformAs } from '../../lab/aws/support';
import { awsCommand } from '../../support/aws-command';
import type { DirectLab } from './direct-lab';

/** What operators and Terraform do to the clusters of both accounts, over HTTP with the real SDK. */
export class AwsWorld {
  constructor(private readonly world: DirectLab) {}

  private account(side: 'source' | 'target'): string {
    const { contract } = this.world;
    return (side === 'source' ? contract.account : contract.targetAccount).accountId;
  }

  private config(side: 'source' | 'target') {
    // Where sql-runner asks too.
    return { ...clientOf(this.world.lab, this.account(side)), endpoint: process.env.AWS_ENDPOINT_URL! };
  }

  private rds(side: 'source' | 'target'): RDSClient {
    return new RDSClient(this.config(side));
  }

  /** As a deploy of the stack that has the group. */
  async setGroup(side: 'source' | 'target', name: string, values: Readonly<Record<string, string>>, exists = true) {
    const parameter = Object.entries(values).map(([key, value]) => ({
      name: key,
      value,
      apply_method: applyMethod(key, 17),
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

  /** Carries out the command of the AWS CLI that a fix prints; what it starts is over afterwards. */
  async carryOut(side: 'source' | 'target', words: readonly string[]): Promise<object> {
    const answer = await awsCommand(words, this.config(side));
    if (words[1] === 'reboot-db-instance')
      await awsCommand(['rds', 'wait', 'db-instance-available', ...words.slice(2)], this.config(side));
    return answer;
  }

  /** The group that is attached to a cluster of production, as RDS says. */
  async parameterGroup(cluster: string): Promise<string | undefined> {
    const { DBClusters: found } = await this.rds('source').send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }),
    );
    return found![0]!.DBClusterParameterGroup;
  }

  /** The engine version as RDS states it, from where the source stack's contract has it. */
  async engineVersion(cluster: string): Promise<string> {
    const { DBClusters: found } = await this.rds('source').send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }),
    );
    return found![0]!.EngineVersion!;
  }
}
