import { at, type SettingPlace } from './setting-place';

/** The settings of the place where sql-runner runs, each changed in the example with one. */

const RUNNER = [
  'target.runner',
  {
    image: '210987654321.dkr.ecr.eu-central-1.amazonaws.com/sql-runner:1.0.0',
    statusSchedule: 'rate(1 hour)',
    verifySchedule: 'cron(0 3 * * ? *)',
  },
] as const;

const JOBS = ['serve', 'status', 'verify'] as const;
const SCHEDULED = ['status', 'verify'] as const;

const definition = (job: string) => `target.resource.aws_ecs_task_definition.runner_${job}`;
const schedule = (job: string) => `target.resource.aws_scheduler_schedule.runner_schedules_${job}`;
const policy = (role: string) => `target.resource.aws_iam_role_policy.runner_${role}_policy.policy`;
const network = 'network_configuration';
const each = (argument: string) => JOBS.map((job) => `${definition(job)}.${argument}`);

const of = (setting: string, value: unknown, ...places: string[]): SettingPlace => ({
  ...at(`target.runner.${setting}`, `target.runner.${setting}`, value, ...places),
  first: [RUNNER],
});

export const RUNNER_PLACES: readonly SettingPlace[] = [
  of(
    'image',
    '210987654321.dkr.ecr.eu-central-1.amazonaws.com/other:1.0.0',
    ...each('container_definitions'),
    policy('roles_runner_pull'),
  ),
  of(
    'sourceRoleArn',
    'arn:aws:iam::123456789012:role/sql-runner-read',
    'target.locals.runner_source_contract',
    policy('roles_runner_task'),
  ),
  of(
    'subnetIds',
    ['subnet-0fedcba9876543211'],
    ...SCHEDULED.flatMap((job) => [
      `${schedule(job)}.target.ecs_parameters.${network}.subnets.0`,
      `-${schedule(job)}.target.ecs_parameters.${network}.subnets.1`,
    ]),
    `target.resource.aws_ecs_service.runner_service.${network}.subnets.0`,
    `-target.resource.aws_ecs_service.runner_service.${network}.subnets.1`,
  ),
  of('cpu', 512, ...each('cpu')),
  of('memoryMb', 2048, ...each('memory')),
  of('architecture', 'arm64', ...each('runtime_platform.cpu_architecture')),
  of('serve', false, '-target.resource.aws_ecs_service', `-${definition('serve')}`, policy('roles_runner_task')),
  of('statusSchedule', 'rate(2 hours)', `${schedule('status')}.schedule_expression`),
  of('verifySchedule', 'rate(1 day)', `${schedule('verify')}.schedule_expression`),
  of('logRetentionDays', 7, 'target.resource.aws_cloudwatch_log_group.runner_logs.retention_in_days'),
];
