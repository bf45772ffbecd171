import type { Side } from '../../../contract/contract';
import { parameterGroupName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import type { Lab } from '../../../lab/lab';
import { run, type RunOutcome } from '../../../sql-runner/actions/run';
import { openConnections } from '../../../sql-runner/connections/open';
import type { Finding } from '../../../sql-runner/model/change';
import { diagnosisOf } from '../../e2e/support/looks';
import { compareRows } from '../../e2e/support/row-comparison';
import { StackDeploys, type TerraformResult } from '../../e2e/support/stack-deploys';
import { WholeWay } from '../../e2e/support/whole-way';
import { terraformAs } from '../../lab/aws/support';
import { approved } from '../../support/approved';
import { eventually } from '../../support/eventually';
import type { Production } from './production';

/** One of several environments on one production cluster. */
export class Beside {
  /** As it is deployed while there is no file of another one. */
  readonly alone: StackDeploys;
  readonly deploys: StackDeploys;
  readonly way: WholeWay;
  private readonly lab: Lab;

  constructor(
    lab: Lab,
    binary: string,
    readonly environment: Environment,
    all: readonly Environment[],
  ) {
    this.lab = lab.of(environment);
    this.alone = new StackDeploys(this.lab, binary);
    this.deploys = new StackDeploys(this.lab, binary, all);
    this.way = new WholeWay(this.lab, this.deploys, environment);
  }

  /** The parameter group that its source stack makes. */
  get group(): string {
    return parameterGroupName(this.environment.name, 'source', this.environment.source.cluster.majorVersion);
  }

  /** @param allowReboot the consent that a restart of production needs */
  run(mode: 'apply' | 'teardown', allowReboot = false): Promise<RunOutcome> {
    const contracts = this.deploys.contracts(this.environment);
    return run(openConnections, contracts, approved(mode, { allowReboot }));
  }

  /** What it plans to change of the group and the server of production: ids of the changes. */
  async touches(): Promise<string[]> {
    const { changes } = await this.way.plan();
    return changes.map(({ id }) => id).filter((id) => /\/(parameter-group|reboot)\//.test(id));
  }

  /** A clone that follows, of a deployed source stack; none of the runs has the consent that a restart needs. */
  async follow(): Promise<void> {
    await this.run('apply');
    this.way.deploy('target');
    expect(await this.run('apply')).toBe('applied');
    await this.way.streams();
  }

  /** Nothing is left to do, for Terraform and for sql-runner, and each row of production is on the clone. */
  async isWhole(production: Production): Promise<void> {
    expect((['source', 'target'] as const).map((side) => this.deploys.left(this.environment, side))).toEqual(['', '']);
    expect(await this.run('apply')).toBe('nothing-to-do');
    await this.way.streams();
    await production.stopWriting();
    for (const { name } of this.environment.databases) await this.expectEqual(name);
    await production.startWriting();
  }

  private async expectEqual(database: string): Promise<void> {
    await eventually(async () => {
      const { rows, differences } = await compareRows(this.way.source, this.way.clone, database);
      return rows > 0 && differences.length === 0;
    });
  }

  destroy(side: Side): TerraformResult {
    this.deploys.write(this.environment);
    return this.deploys.terraform(this.environment, side, 'destroy', '-auto-approve', '-input=false');
  }

  /** What doctor finds of it that is more than to be known, and what it only informs of but for sequences. */
  async findings(): Promise<readonly Finding[]> {
    const { results } = await diagnosisOf({ contracts: this.deploys.contracts(this.environment) });
    const found = results.flatMap(({ findings }) => findings);
    return found.filter(({ code }) => code !== 'SEQUENCES_NOT_REPLICATED');
  }

  /** What its source stack puts out for the policy of production's key. */
  keyStatements(): { readonly Sid: string }[] {
    const { output } = this.deploys.terraform(this.environment, 'source', 'output', '-raw', 'kms_key_policy_statement');
    return JSON.parse(output) as { Sid: string }[];
  }
}

/** The owner of the key lets the target accounts in, by what the stacks put out. */
export async function putKeyPolicy(lab: Lab, { source, kms }: Environment, Statement: readonly object[]) {
  const config = { key_id: kms.sourceKeyArn, policy: JSON.stringify({ Version: '2012-10-17', Statement }) };
  await terraformAs(lab, source.accountId)('create', 'aws_kms_key_policy', config);
}
