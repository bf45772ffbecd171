import { environmentFile } from '../../../environments/files';
import { loadEnvironment } from '../../../environments/loader';
import { buildWorld } from '../../../lab/aws/accounts';
import type { ClusterServers } from '../../../lab/aws/cluster-servers';
import { resources } from '../../../lab/aws/resources/table';
import type { Attributes } from '../../../lab/aws/resources/handler';
import type { Scope } from '../../../lab/aws/operation';
import { REGION, TARGET } from './support';

/** What ECS and EventBridge Scheduler refuse, the lab refuses. */

const demo = loadEnvironment(environmentFile('demo'));
const { vpcId, subnetIds } = demo.target.network;

function account(): Scope {
  const world = buildWorld(demo);
  const servers = {} as ClusterServers;
  return { world, account: world.accounts[TARGET]!, region: REGION, servers, save: () => undefined };
}

const create = async (scope: Scope, type: string, config: Attributes) => resources[type]!.create(scope, config);
const role = (scope: Scope, name: string, service: string) =>
  create(scope, 'aws_iam_role', { name, assume_role_policy: JSON.stringify({ Principal: { Service: service } }) });

const definition = (change: Attributes = {}): Attributes => ({
  family: 'x',
  container_definitions: JSON.stringify([{ name: 'x', image: 'x', environment: [{ name: 'A', value: 'b' }] }]),
  requires_compatibilities: ['FARGATE'],
  network_mode: 'awsvpc',
  cpu: '256',
  memory: '512',
  ...change,
});
const defining = (change: Attributes) => create(account(), 'aws_ecs_task_definition', definition(change));

test.each([
  ['more than 64 KiB', { container_definitions: JSON.stringify([{ name: 'x', image: 'x'.repeat(65_536) }]) }, /64 KB/],
  ['no container', { container_definitions: '[]' }, /cannot be empty/],
  ['a container without an image', { container_definitions: '[{"name":"x"}]' }, /should not be null/],
  [
    'a variable that is no text',
    { container_definitions: '[{"name":"x","image":"x","environment":[{"name":"A","value":1}]}]' },
    /without a name or a value/,
  ],
  ['no JSON', { container_definitions: '{' }, /not valid JSON/],
  ['a size that Fargate has not', { cpu: '256', memory: '4096' }, /No Fargate configuration/],
  ['a step of memory that it has not', { cpu: '1024', memory: '2500' }, /No Fargate configuration/],
  ['another network', { network_mode: 'bridge' }, /awsvpc/],
  ['a role that is not there', { task_role_arn: `arn:aws:iam::${TARGET}:role/x` }, /does not exist/],
])('a task definition with %s', async (_, change, message) => {
  await expect(defining(change)).rejects.toThrow(message);
});

test('a role of another service is no role for a task, and its own is', async () => {
  const scope = account();
  await role(scope, 'other', 'scheduler.amazonaws.com');
  await role(scope, 'task', 'ecs-tasks.amazonaws.com');
  const of = (name: string) =>
    create(scope, 'aws_ecs_task_definition', definition({ task_role_arn: `arn:aws:iam::${TARGET}:role/${name}` }));
  await expect(of('other')).rejects.toThrow(/may not assume it/);
  expect(await of('task')).toMatchObject({ arn: expect.stringMatching(/task-definition\/x:1$/), revision: 1 });
});

test('a family goes on counting where its last revision is gone', async () => {
  const scope = account();
  const first = await create(scope, 'aws_ecs_task_definition', definition());
  await resources['aws_ecs_task_definition']!.delete(scope, first);
  expect(await create(scope, 'aws_ecs_task_definition', definition())).toMatchObject({ revision: 2 });
});

async function withService() {
  const scope = account();
  const group = await create(scope, 'aws_security_group', { name: 'x', vpc_id: vpcId });
  const task = await create(scope, 'aws_ecs_task_definition', definition());
  const cluster = await create(scope, 'aws_ecs_cluster', { name: 'x' });
  const network = [{ subnets: subnetIds, security_groups: [group.id] }];
  const config = { name: 'x', cluster: cluster.arn, task_definition: task.arn, network_configuration: network };
  return { scope, group, task, cluster, config, service: await create(scope, 'aws_ecs_service', config) };
}

test('a cluster with a service stays, and so does the security group of its tasks', async () => {
  const { scope, group, cluster, service } = await withService();
  const gone = async (type: string, prior: Attributes) => resources[type]!.delete(scope, prior);
  await expect(gone('aws_ecs_cluster', cluster)).rejects.toThrow(/while Services are active/);
  await expect(gone('aws_security_group', group)).rejects.toThrow(/dependent object: service x/);
  await gone('aws_ecs_service', service);
  await gone('aws_ecs_cluster', cluster);
  await gone('aws_security_group', group);
});

test('a service or a schedule of what is not there is refused', async () => {
  const { scope, config, cluster, task } = await withService();
  const service = (change: Attributes) => create(scope, 'aws_ecs_service', { ...config, name: 'y', ...change });
  await expect(service({ cluster: 'y' })).rejects.toThrow(/aws_ecs_cluster y does not exist/);
  await expect(service({ task_definition: 'y' })).rejects.toThrow(/TaskDefinition not found/);
  await expect(service({ network_configuration: [] })).rejects.toThrow(/Network Configuration must be provided/);
  await expect(service({ network_configuration: [{ subnets: ['subnet-1'] }] })).rejects.toThrow(/subnet-1/);
  await role(scope, 'start', 'scheduler.amazonaws.com');
  await role(scope, 'task', 'ecs-tasks.amazonaws.com');
  const run = { task_definition_arn: task.arn, network_configuration: config.network_configuration };
  const schedule = (expression: string, by: string) =>
    create(scope, 'aws_scheduler_schedule', {
      name: expression,
      schedule_expression: expression,
      target: [{ arn: cluster.arn, role_arn: `arn:aws:iam::${TARGET}:role/${by}`, ecs_parameters: [run] }],
    });
  await expect(schedule('0 3 * * *', 'start')).rejects.toThrow(/Invalid Schedule Expression/);
  await expect(schedule('rate(1 hour)', 'task')).rejects.toThrow(/may not assume it/);
  expect(await schedule('rate(1 hour)', 'start')).toMatchObject({ id: 'default/rate(1 hour)' });
});
