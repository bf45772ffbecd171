import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import type { RunnerSettings } from '../../environments/schema/runner';
import { repositoryOf } from '../../stacks/constructs/runner/policies';
import { only, synthesize } from './synthesized';

const ENVIRONMENT = loadEnvironment(join(__dirname, 'modes/runner.yaml'));
const target = (runner: Partial<RunnerSettings>, rest: Partial<Environment> = {}) =>
  synthesize({
    ...ENVIRONMENT,
    ...rest,
    target: { ...ENVIRONMENT.target, runner: { ...ENVIRONMENT.target.runner!, ...runner } },
  }).target;

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}
const statements = (json: ReturnType<typeof target>, name: string): readonly Statement[] =>
  (JSON.parse(String(json.resource['aws_iam_role_policy']![name]!['policy'])) as { Statement: Statement[] }).Statement;

test('of a repository of ECR that one may be pulled, of another registry there is nothing to allow', () => {
  const digest = `@sha256:${'a'.repeat(64)}`;
  const ecr = '333333333333.dkr.ecr.us-east-1.amazonaws.com/team/sql-runner';
  const arn = 'arn:aws:ecr:us-east-1:333333333333:repository/team/sql-runner';
  expect([`${ecr}:1.0`, `${ecr}${digest}`, `${ecr}:1.0${digest}`].map(repositoryOf)).toEqual([arn, arn, arn]);
  expect(repositoryOf(`333333333333.dkr.ecr.cn-north-1.amazonaws.com.cn/x:1`)).toBe(
    'arn:aws-cn:ecr:cn-north-1:333333333333:repository/x',
  );
  expect(repositoryOf('public.ecr.aws/team/sql-runner:1')).toBeUndefined();
  const pull = (image: string) => statements(target({ image }), 'runner_roles_runner_pull_policy');
  expect(pull('registry.example.com/sql-runner:1').map(({ Sid }) => Sid)).toEqual(['WriteLogs']);
  expect(pull(`${ecr}:1`).find(({ Sid }) => Sid === 'PullImage')).toMatchObject({ Resource: arn });
});

test('only what looks is allowed, and on things of this environment alone', () => {
  const json = target({});
  const task = statements(json, 'runner_roles_runner_task_policy');
  const anything = task.filter(({ Resource }) => Resource === '*').map(({ Sid }) => Sid);
  // PutMetricData takes no resource; its namespace is a condition.
  expect(anything).toEqual(['PublishHeartbeat']);
  const actions = task.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /:(Put(?!MetricData)|Delete|Modify|Create|Reboot|\*)/.test(action))).toEqual([]);
});

test('without an alarm on the heartbeat nothing is published, and may not be', () => {
  const json = target({}, { monitoring: undefined });
  const sids = statements(json, 'runner_roles_runner_task_policy').map(({ Sid }) => Sid);
  expect(sids).not.toContain('PublishHeartbeat');
  const definition = json.resource['aws_ecs_task_definition']!['runner_serve']!;
  expect(definition['container_definitions']).not.toContain('--cloudwatch');
});

test('without schedules nobody may start a task', () => {
  const json = target({ statusSchedule: undefined, verifySchedule: undefined });
  expect(json.resource).not.toHaveProperty('aws_scheduler_schedule');
  expect(Object.keys(json.resource['aws_iam_role']!)).toEqual(['runner_roles_runner_pull', 'runner_roles_runner_task']);
  expect(Object.keys(json.resource['aws_ecs_task_definition']!)).toEqual(['runner_serve']);
});

test('with monitoring its topic hears of a task that failed or never started, without it there is none', () => {
  const rules = (json: ReturnType<typeof target>) => json.resource['aws_cloudwatch_event_rule'] ?? {};
  const { event_pattern: pattern } = rules(target({}))['runner_failed_rule']!;
  expect(JSON.parse(String(pattern))).toEqual({
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      clusterArn: ['${aws_ecs_cluster.runner_cluster.arn}'],
      lastStatus: ['STOPPED'],
      $or: [{ containers: { exitCode: [{ 'anything-but': [0, 143] }] } }, { stopCode: ['TaskFailedToStart'] }],
    },
  });
  expect(target({}).resource['aws_cloudwatch_event_target']!['runner_failed_topic']).toMatchObject({
    arn: '${aws_sns_topic_policy.monitoring_alarms_publishers.arn}',
  });
  expect(rules(target({}, { monitoring: undefined }))).toEqual({});
});

test('nobody gets into a task, and the clone lets its group in on the port alone', () => {
  const json = target({});
  const rules = Object.values(json.resource['aws_vpc_security_group_ingress_rule']!);
  expect(rules.filter((rule) => String(rule['security_group_id']).includes('runner'))).toEqual([]);
  expect(rules).toContainEqual(
    expect.objectContaining({
      referenced_security_group_id: '${aws_security_group.runner_network_group.id}',
      from_port: '${aws_rds_cluster.clone_cluster[0].port}',
      to_port: '${aws_rds_cluster.clone_cluster[0].port}',
    }),
  );
  expect(only(json, 'aws_ecs_service')).toMatchObject({ network_configuration: { assign_public_ip: false } });
});

test('the subnets of the clone do where none are given', () => {
  const { network_configuration: network } = only(target({ subnetIds: undefined }), 'aws_ecs_service');
  expect(network).toMatchObject({ subnets: ENVIRONMENT.target.network.subnetIds });
});
