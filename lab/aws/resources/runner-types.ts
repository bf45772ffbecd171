import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Scope } from '../operation';
import type { Account } from '../world';
import { assumableRole } from './created-types';
import { blocks, nameFrom, text, texts, type Attributes, type ResourceHandler } from './handler';
import { existing, kept, keptOf } from './kept';
import { ecsTaskDefinition, TASK_DEFINITION } from './task-definition';
import { securityGroup, subnet } from './vpc';

const SERVICE = 'aws_ecs_service';
const clusterName = (reference: string): string => reference.split('/').at(-1) ?? reference;
const cluster = (scope: Scope, reference: string) =>
  existing(scope, 'aws_ecs_cluster', clusterName(reference), 'ClusterNotFoundException');

/** @throws AwsError where a task could not be put into the network */
function checkNetwork({ account }: Scope, config: Attributes): void {
  const [network] = blocks(config, 'network_configuration');
  if (network === undefined)
    throw new AwsError(
      'InvalidParameterException',
      'Network Configuration must be provided when networkMode awsvpc is specified.',
    );
  for (const id of texts(network, 'subnets')) subnet(account, id);
  for (const id of texts(network, 'security_groups')) securityGroup(account, id);
}

function taskDefinition(scope: Scope, reference: string): void {
  const known = Object.values(keptOf(scope, TASK_DEFINITION)).some((one) => one.arn === reference);
  if (!known) throw new AwsError('ClientException', 'TaskDefinition not found.');
}

/** Name of the service whose tasks have that security group. */
export function serviceWith(account: Account, groupId: string): string | undefined {
  const services = Object.values(account.kept?.[SERVICE] ?? {});
  const found = services.find((service) =>
    blocks(service, 'network_configuration').some((network) => texts(network, 'security_groups').includes(groupId)),
  );
  return found && text(found, 'name');
}

/** CreateSchedule: six fields of cron, or a rate. */
const EXPRESSION = /^(rate\(\d+ (minute|hour|day)s?\)|cron\(\S+( \S+){5}\)|at\([\dT:-]+\))$/;

function checkSchedule(scope: Scope, config: Attributes): void {
  const expression = text(config, 'schedule_expression');
  if (!EXPRESSION.test(expression))
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  for (const target of blocks(config, 'target')) {
    assumableRole(scope, text(target, 'role_arn'), 'scheduler.amazonaws.com');
    for (const run of blocks(target, 'ecs_parameters')) {
      cluster(scope, text(target, 'arn'));
      taskDefinition(scope, text(run, 'task_definition_arn'));
      checkNetwork(scope, run);
    }
  }
}

/** What sql-runner runs on. It is there, and nothing runs: tests run what a definition says. */
export const runnerTypes: Readonly<Record<string, ResourceHandler>> = {
  aws_cloudwatch_log_group: kept('aws_cloudwatch_log_group', {
    id: nameFrom,
    computed: ({ account, region }, id) => ({
      arn: arn('logs', region, account.id, `log-group:${id}`),
      name: id,
      log_group_class: 'STANDARD',
    }),
  }),
  aws_ecs_cluster: kept('aws_ecs_cluster', {
    id: (config) => text(config, 'name'),
    computed: ({ account, region }, id) => ({ arn: arn('ecs', region, account.id, `cluster/${id}`) }),
    checkDelete(scope, id) {
      if (Object.values(keptOf(scope, SERVICE)).some((one) => clusterName(text(one, 'cluster')) === id))
        throw new AwsError(
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        );
    },
  }),
  aws_ecs_service: kept(SERVICE, {
    id: (config) => `${clusterName(text(config, 'cluster'))}/${text(config, 'name')}`,
    computed: ({ account, region }, id) => ({ arn: arn('ecs', region, account.id, `service/${id}`) }),
    check(scope, config) {
      cluster(scope, text(config, 'cluster'));
      taskDefinition(scope, text(config, 'task_definition'));
      checkNetwork(scope, config);
    },
  }),
  [TASK_DEFINITION]: ecsTaskDefinition,
  aws_scheduler_schedule: kept('aws_scheduler_schedule', {
    id: (config) => `default/${nameFrom(config)}`,
    computed: ({ account, region }, id) => ({ arn: arn('scheduler', region, account.id, `schedule/${id}`) }),
    check: checkSchedule,
  }),
};
