import { METRIC_NAMESPACE, ticketParameter } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import { partitionOf } from '../cluster/iam-role';
import { sourceRole } from './outputs';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** Names of the clone that are known once it is there. */
export interface CloneNames {
  readonly clusterArn: string;
  readonly adminSecretArn: string;
}

export const policy = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const allow = (sid: string, action: Statement['Action'], resource: Statement['Resource']): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

/** What `serve`, `status` and `verify` call in the account of the clone (docs/iam.md), on this environment's own things. */
export function taskStatements(environment: Environment, { clusterArn, adminSecretArn }: CloneNames): Statement[] {
  const { region, source, target } = environment;
  const at = (service: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${target.accountId}:${resource}`;
  return [
    allow('RoleOfSource', 'sts:AssumeRole', sourceRole({ source, target }).roleArn ?? ''),
    allow('ReadTicket', 'ssm:GetParameter', at('ssm', `parameter${ticketParameter(environment.name)}`)),
    allow('ReadCluster', 'rds:DescribeDBClusters', clusterArn),
    allow(
      'ReadLogOfClone',
      ['rds:DescribeDBLogFiles', 'rds:DownloadDBLogFilePortion'],
      at('rds', `db:${target.clone.identifier}-*`),
    ),
    allow('ReadLogin', 'secretsmanager:GetSecretValue', adminSecretArn),
    // It knows no resources (service authorization reference, Amazon EC2). `status` and `verify` ask for none.
    ...(environment.network.mode === 'existing' && target.runner?.serve === true
      ? [allow('ReadWayBack', 'ec2:DescribeRouteTables', '*')]
      : []),
    ...(publishesHeartbeat(environment)
      ? [
          {
            ...allow('PublishHeartbeat', 'cloudwatch:PutMetricData', '*'),
            Condition: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
          },
        ]
      : []),
  ];
}

/** Only then is there an alarm, which is raised while nobody publishes. */
export const publishesHeartbeat = ({ monitoring, target }: Environment): boolean =>
  target.runner?.serve === true && monitoring?.heartbeatSeconds !== undefined;

/** What ECS does for a task before it runs: pull its image, and write what it prints. */
export function executionStatements(image: string, logGroupArn: string): Statement[] {
  const repository = repositoryOf(image);
  return [
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], `${logGroupArn}:*`),
    ...(repository === undefined
      ? []
      : [
          allow('RegistryLogin', 'ecr:GetAuthorizationToken', '*'),
          allow(
            'PullImage',
            ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            repository,
          ),
        ]),
  ];
}

/** ARN of a private repository of ECR, of any account; undefined: another registry. */
export function repositoryOf(image: string): string | undefined {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  return name && `arn:${partitionOf(region!)}:ecr:${region}:${account}:repository/${name}`;
}

export interface Runs {
  readonly clusterArn: string;
  readonly clusterName: string;
  /** Families of task definitions, of which every revision may run. */
  readonly families: readonly string[];
  readonly roleArns: readonly string[];
}

/** What EventBridge Scheduler does: run those tasks, in that cluster, with their roles. */
export function startStatements(
  { region, target }: Environment,
  { clusterArn, clusterName, families, roleArns }: Runs,
) {
  const ofEcs = (resource: string) => `arn:${partitionOf(region)}:ecs:${region}:${target.accountId}:${resource}`;
  return [
    {
      ...allow(
        'RunTasks',
        'ecs:RunTask',
        families.map((family) => ofEcs(`task-definition/${family}:*`)),
      ),
      Condition: { ArnEquals: { 'ecs:cluster': clusterArn } },
    },
    {
      ...allow('PassRoles', 'iam:PassRole', roleArns),
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
    // Tags of the task, which it has from its definition.
    {
      ...allow('TagTasks', 'ecs:TagResource', ofEcs(`task/${clusterName}/*`)),
      Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    },
  ];
}
