import { anything, EVER, type Placed, type Row, type Rows } from './row';

/**
 * What the provider calls for sql-runner in the VPC (internal/service/ecs, scheduler, logs). A task definition is known by
 * its family, all else by its name (service authorization reference, Amazon ECS, EventBridge Scheduler, CloudWatch Logs).
 */
const ecs = (kind: string, named: (placed: Placed) => string) => (placed: Placed) => [
  placed.account.arn('ecs', `${kind}/${named(placed)}`),
];
const TAGS = ['ecs:TagResource', 'ecs:UntagResource'];

const name = (placed: Placed) => placed.nameOf('name')!;
const cluster = ecs('cluster', name);
const service = ecs('service', (placed) => `${placed.nameOf('cluster')!}/${name(placed)}`);
const family = ecs('task-definition', (placed) => `${placed.nameOf('family')!}:*`);
const schedule = (placed: Placed) => [placed.account.arn('scheduler', `schedule/default/${name(placed)}`)];
const logGroup = (placed: Placed) => {
  const arn = placed.account.arn('logs', `log-group:${name(placed)}`);
  return [arn, `${arn}:*`];
};

/** Roles that ECS and the scheduler take. */
const passes = (sid: string): Row => ({
  in: ['create', 'update'],
  sid,
  actions: ['iam:PassRole'],
  on: ({ account }) => [
    `arn:${account.partition}:iam::${account.accountId}:role/acas-${account.environment.name}-runner-*`,
  ],
  when: () => ({
    StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'scheduler.amazonaws.com'] },
  }),
});

export const RUNNER: Rows = {
  aws_ecs_cluster: [
    { in: EVER, sid: 'Ecs', actions: ['ecs:DescribeClusters'], on: cluster },
    // A cluster that is not there yet has no ARN to be allowed on.
    { in: ['create'], sid: 'EcsNew', actions: ['ecs:CreateCluster'], on: anything },
    { in: ['create', 'update'], sid: 'Ecs', actions: ['ecs:UpdateCluster', ...TAGS], on: cluster },
    { in: ['delete'], sid: 'Ecs', actions: ['ecs:DeleteCluster'], on: cluster },
  ],
  aws_ecs_service: [
    { in: EVER, sid: 'EcsService', actions: ['ecs:DescribeServices'], on: service },
    { in: ['create'], sid: 'EcsService', actions: ['ecs:CreateService'], on: service },
    { in: ['create', 'update'], sid: 'EcsService', actions: ['ecs:UpdateService', ...TAGS], on: service },
    { in: ['delete'], sid: 'EcsService', actions: ['ecs:UpdateService', 'ecs:DeleteService'], on: service },
    passes('EcsRoles'),
  ],
  aws_ecs_task_definition: [
    // Neither knows resources.
    { in: EVER, sid: 'EcsRead', actions: ['ecs:DescribeTaskDefinition'], on: anything },
    { in: ['create', 'update'], sid: 'EcsTask', actions: ['ecs:RegisterTaskDefinition', ...TAGS], on: family },
    { in: ['update', 'delete'], sid: 'EcsRead', actions: ['ecs:DeregisterTaskDefinition'], on: anything },
    passes('EcsRoles'),
  ],
  aws_scheduler_schedule: [
    { in: EVER, sid: 'Schedules', actions: ['scheduler:GetSchedule'], on: schedule },
    { in: ['create'], sid: 'Schedules', actions: ['scheduler:CreateSchedule'], on: schedule },
    { in: ['update'], sid: 'Schedules', actions: ['scheduler:UpdateSchedule'], on: schedule },
    { in: ['delete'], sid: 'Schedules', actions: ['scheduler:DeleteSchedule'], on: schedule },
    passes('EcsRoles'),
  ],
  aws_cloudwatch_log_group: [
    {
      in: EVER,
      sid: 'LogsRead',
      actions: ['logs:DescribeLogGroups'],
      on: ({ account }) => [account.arn('logs', 'log-group:*')],
    },
    { in: EVER, sid: 'Logs', actions: ['logs:ListTagsForResource'], on: logGroup },
    {
      in: ['create', 'update'],
      sid: 'Logs',
      actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:TagResource', 'logs:UntagResource'],
      on: logGroup,
    },
    { in: ['delete'], sid: 'Logs', actions: ['logs:DeleteLogGroup'], on: logGroup },
  ],
};
