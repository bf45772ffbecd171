import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import type { IResolvable, ITerraformDependable, TerraformCount } from 'cdktf';
import { Construct } from 'constructs';
import type { PublishedContract } from '../../../contract/contract';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import type { RunnerSettings } from '../../../environments/schema/runner';
import type { CloneSecurityGroup } from '../network/clone-security-group';
import { FailedTasks } from './failed-tasks';
import { runnerOutputs } from './outputs';
import type { CloneNames } from './policies';
import { RunnerNetwork } from './runner-network';
import { RunnerRoles } from './runner-roles';
import { RunnerSchedules } from './runner-schedules';
import { taskDefinition, type Job } from './tasks';

export interface RunnerProps {
  readonly environment: Environment;
  readonly runner: RunnerSettings;
  /** What the source stack puts out. */
  readonly sourceContract: IResolvable;
  /** What this stack puts out. */
  readonly contract: PublishedContract;
  readonly sourcePort: number;
  readonly clone: CloneNames & { readonly port: number };
  /** Of what needs the clone: until it is there nothing is run. */
  readonly count: TerraformCount;
  readonly cloneNetwork: CloneSecurityGroup;
  /** Without them there is nothing to log in to. */
  readonly instances: ITerraformDependable[];
  /** Who is told of a task that fails; undefined: nobody. */
  readonly topicArn: string | undefined;
}

/** sql-runner in the VPC of the clone: `serve` as a service, `status` and `verify` at their times. */
export class Runner extends Construct {
  constructor(scope: Construct, id: string, props: RunnerProps) {
    super(scope, id);
    const { environment, runner, clone, count, cloneNetwork, sourcePort } = props;
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aurora-cross-account-sync/${environment.name}`,
      retentionInDays: runner.logRetentionDays,
    });
    const network = new RunnerNetwork(this, 'network', {
      environment,
      sourcePort,
      clonePort: clone.port,
      count,
      cloneGroupId: cloneNetwork.id,
    });
    const letIn = cloneNetwork.letGroupIn('from-runner', network.groupId, clone.port, count);
    const roles = new RunnerRoles(this, 'roles', { environment, image: runner.image, logGroupArn: logs.arn, clone });
    const clusterName = objectName(environment.name, 'runner');
    const cluster = new EcsCluster(this, 'cluster', { name: clusterName });
    const outputs = runnerOutputs(this, environment, props.sourceContract, props.contract);
    const define = (job: Job) =>
      taskDefinition(this, job, { environment, runner, outputs, logGroupName: logs.name, ...roles });
    const subnetIds = [...(runner.subnetIds ?? environment.target.network.subnetIds)];
    const jobs = (['status', 'verify'] as const).flatMap((job) => {
      const expression = runner[`${job}Schedule`];
      return expression === undefined ? [] : [{ job, expression, definition: define(job) }];
    });
    new RunnerSchedules(this, 'schedules', {
      environment,
      count,
      clusterArn: cluster.arn,
      clusterName,
      subnetIds,
      groupId: network.groupId,
      roleArns: [roles.executionRoleArn, roles.taskRoleArn],
      jobs,
    });
    if (props.topicArn !== undefined)
      new FailedTasks(this, 'failed', {
        environmentName: environment.name,
        clusterArn: cluster.arn,
        topicArn: props.topicArn,
      });
    if (!runner.serve) return;
    new EcsService(this, 'service', {
      count,
      name: objectName(environment.name, 'serve'),
      cluster: cluster.arn,
      taskDefinition: define('serve').arn,
      launchType: 'FARGATE',
      desiredCount: 1,
      // The old one ends before the new one begins: two would beat and publish side by side.
      deploymentMinimumHealthyPercent: 0,
      deploymentMaximumPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      propagateTags: 'TASK_DEFINITION',
      networkConfiguration: { subnets: subnetIds, securityGroups: [network.groupId], assignPublicIp: false },
      // Until it may pull its image, log in and be let in, it would fail and be tried again.
      dependsOn: [...roles.policies, ...network.rules, letIn, ...props.instances],
    });
  }
}
