import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import type { RunnerSettings } from '../../../environments/schema/runner';
import type { RunnerOutputs } from './outputs';
import { publishesHeartbeat } from './policies';

export type Job = 'serve' | 'status' | 'verify';

/** Where `serve` answers, within the task alone. */
const PORT = 9187;
const ASK = `fetch('http://127.0.0.1:${PORT}/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

export interface TaskProps {
  readonly environment: Environment;
  readonly runner: RunnerSettings;
  readonly outputs: RunnerOutputs;
  readonly logGroupName: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
}

export const familyOf = (environmentName: string, job: Job): string => objectName(environmentName, `runner-${job}`);

/** What one job runs: sql-runner with its outputs, without rights to write to its own files. */
export function taskDefinition(scope: Construct, job: Job, props: TaskProps): EcsTaskDefinition {
  const { environment, runner, outputs, executionRoleArn, taskRoleArn } = props;
  return new EcsTaskDefinition(scope, job, {
    family: familyOf(environment.name, job),
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: String(runner.cpu),
    memory: String(runner.memoryMb),
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: runner.architecture.toUpperCase() },
    executionRoleArn,
    taskRoleArn,
    containerDefinitions: Fn.jsonencode([container(job, props)]),
    lifecycle: { precondition: [outputs.precondition] },
  });
}

function container(job: Job, { environment, runner, outputs, logGroupName }: TaskProps): object {
  return {
    name: 'sql-runner',
    image: runner.image,
    essential: true,
    command: commandOf(job, environment),
    environment: [{ name: 'SQL_RUNNER_OUTPUTS', value: outputs.text }],
    readonlyRootFilesystem: true,
    // The first process of a container ignores signals that it does not ask for: without one before it, a run that is to stop is killed.
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': logGroupName,
        'awslogs-region': environment.region,
        'awslogs-stream-prefix': job,
      },
    },
    ...(job === 'serve'
      ? { healthCheck: { command: ['CMD', 'node', '-e', ASK], interval: 30, timeout: 5, retries: 3, startPeriod: 60 } }
      : {}),
  };
}

/** After `sql-runner`, which the image begins with. Nothing is kept on disk: there is none. */
function commandOf(job: Job, environment: Environment): string[] {
  const command = [job, environment.name, '--no-color'];
  if (job !== 'serve') return command;
  return [
    ...command,
    '--port',
    String(PORT),
    '--no-history',
    ...(publishesHeartbeat(environment) ? ['--cloudwatch'] : []),
  ];
}
