import type { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import type { TerraformCount } from 'cdktf';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import { startStatements } from './policies';
import { allowedRole } from './runner-roles';
import { familyOf, type Job } from './tasks';

export interface ScheduledJob {
  readonly job: Job;
  readonly expression: string;
  readonly definition: EcsTaskDefinition;
}

export interface RunnerSchedulesProps {
  readonly environment: Environment;
  readonly count: TerraformCount;
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly subnetIds: string[];
  readonly groupId: string;
  /** Those of the tasks, which whoever starts one hands over. */
  readonly roleArns: readonly string[];
  readonly jobs: readonly ScheduledJob[];
}

/** A task at the times that the environment names; no role where there is none. */
export class RunnerSchedules extends Construct {
  constructor(scope: Construct, id: string, props: RunnerSchedulesProps) {
    super(scope, id);
    const { environment, count, clusterArn, clusterName, subnetIds, groupId, roleArns, jobs } = props;
    if (jobs.length === 0) return;
    const { role, allowed } = allowedRole(this, environment, {
      id: 'runner-start',
      service: 'scheduler.amazonaws.com',
      says: 'EventBridge Scheduler starts sql-runner',
      statements: startStatements(environment, {
        clusterArn,
        clusterName,
        families: jobs.map(({ job }) => familyOf(environment.name, job)),
        roleArns,
      }),
    });
    for (const { job, expression, definition } of jobs) {
      new SchedulerSchedule(this, job, {
        count,
        name: objectName(environment.name, job),
        description: `sql-runner ${job} ${environment.name}`,
        scheduleExpression: expression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: clusterArn,
          roleArn: role.arn,
          ecsParameters: {
            taskDefinitionArn: definition.arn,
            launchType: 'FARGATE',
            taskCount: 1,
            propagateTags: 'TASK_DEFINITION',
            networkConfiguration: { subnets: subnetIds, securityGroups: [groupId], assignPublicIp: false },
          },
          // The next time comes anyway, and by then what an old run would tell is old.
          retryPolicy: { maximumEventAgeInSeconds: 600, maximumRetryAttempts: 2 },
        },
        dependsOn: [allowed],
      });
    }
  }
}
