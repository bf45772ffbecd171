import { openConnections } from '../../../sql-runner/connections/open';
import { makePlan, run, type RunOutcome } from '../../../sql-runner/actions/run';
import type { Plan, PlanMode } from '../../../sql-runner/model/plan';
import type { SourceContract, Contracts } from '../../../contract/contract';
import { sourceParameters } from '../../../stacks/constructs/cluster/sizing';
import { terraformAs } from '../../lab/aws/support';
import type { AwsWorld } from './aws-world';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';
import { approved } from '../../support/approved';

/** Another environment on the same production cluster, whose clone is not taken yet. */
export class SecondEnvironment {
  private constructor(
    private readonly world: DirectLab,
    private readonly aws: AwsWorld,
    public contract: SourceContract,
  ) {}

  /** Deploys its source stack, after which the cluster uses the group that it used before. */
  static async deploy(world: DirectLab, aws: AwsWorld): Promise<SecondEnvironment> {
    const source = terraformAs(world.lab, world.contract.account.accountId);
    const secret = await source('create', 'aws_secretsmanager_secret', { name: 'acas/second/replication' });
    const names = { publication: 'acas_second_shop', slot: 'acas_second_shop', subscription: 'acas_second_shop' };
    const parameters = sourceParameters(1);
    await aws.setGroup('source', 'second', parameters, false);
    return new SecondEnvironment(world, aws, {
      ...world.contract,
      environment: 'second',
      parameterGroup: { name: 'second', previous: world.contract.parameterGroup.name, parameters },
      replication: { ...world.contract.replication, role: 'acas_second', secretArn: String(secret.arn) },
      ticketParameter: '/aurora-cross-account-sync/second/clone-ticket',
      stacks: { source: 'second-source', target: 'second-target' },
      links: [{ database: 'shop', streams: [{ ...names, selection: { kind: 'all' } }] }],
    });
  }

  /** A deploy after a change of the environment file: its group gets the values. */
  async redeploy(parameters: Record<string, string>): Promise<void> {
    await this.aws.setGroup('source', 'second', parameters);
    this.contract = { ...this.contract, parameterGroup: { ...this.contract.parameterGroup, parameters } };
  }

  plan(mode: PlanMode = 'apply'): Promise<Plan> {
    return makePlan(openConnections, this.contracts, mode);
  }

  run(mode: PlanMode, allowReboot = false): Promise<RunOutcome> {
    return run(openConnections, this.contracts, approved(mode, { allowReboot }));
  }

  /** When production's server was started. */
  async started(): Promise<unknown> {
    const [row] = await execute(await this.world.source('shop'), [`SELECT pg_postmaster_start_time()::text AS at`]);
    return row!.at;
  }

  private get contracts(): Contracts {
    return { source: this.contract, target: null };
  }
}
