import type { Behaviour } from './behaviour';
import { arn, arnOf, atMostOne, oneOf, startsWith } from './rules';

/** What sql-runner runs on in the target account; see resource-behaviour.ts. */
export const RUNNER_BEHAVIOUR = {
  // logs/group.go
  aws_cloudwatch_log_group: {
    forceNew: ['name', 'name_prefix', 'log_group_class'],
    defaults: { retention_in_days: 0, skip_destroy: false },
    rules: [atMostOne('', 'name', 'name_prefix'), arn('kms_key_id')],
  },
  // ecs/cluster.go
  aws_ecs_cluster: { forceNew: ['name'], computedBlocks: ['setting'] },
  // ecs/service.go
  aws_ecs_service: {
    forceNew: ['name', 'cluster', 'launch_type', 'scheduling_strategy'],
    defaults: {
      deployment_maximum_percent: 200,
      deployment_minimum_healthy_percent: 100,
      enable_ecs_managed_tags: false,
      enable_execute_command: false,
      scheduling_strategy: 'REPLICA',
      wait_for_steady_state: false,
      'network_configuration.assign_public_ip': false,
    },
    computedBlocks: ['deployment_configuration'],
    rules: [
      oneOf('launch_type', 'EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'),
      oneOf('propagate_tags', 'SERVICE', 'TASK_DEFINITION', 'NONE'),
      startsWith('network_configuration.subnets', 'subnet-'),
      startsWith('network_configuration.security_groups', 'sg-'),
    ],
  },
  // ecs/task_definition.go: a revision is never changed, a change makes another one.
  aws_ecs_task_definition: {
    forceNew: [
      'container_definitions',
      'cpu',
      'execution_role_arn',
      'family',
      'memory',
      'network_mode',
      'requires_compatibilities',
      'runtime_platform',
      'task_role_arn',
    ],
    defaults: { skip_destroy: false, track_latest: false },
    rules: [
      arnOf('execution_role_arn', 'iam'),
      arnOf('task_role_arn', 'iam'),
      oneOf('network_mode', 'bridge', 'host', 'awsvpc', 'none'),
      oneOf('requires_compatibilities', 'EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'),
      oneOf('runtime_platform.cpu_architecture', 'X86_64', 'ARM64'),
    ],
  },
  // scheduler/schedule.go
  aws_scheduler_schedule: {
    forceNew: ['name', 'name_prefix', 'group_name'],
    defaults: { schedule_expression_timezone: 'UTC', state: 'ENABLED' },
    rules: [
      atMostOne('', 'name', 'name_prefix'),
      arn('target.arn'),
      arnOf('target.role_arn', 'iam'),
      arnOf('target.ecs_parameters.task_definition_arn', 'ecs'),
      oneOf('flexible_time_window.mode', 'OFF', 'FLEXIBLE'),
      oneOf('target.ecs_parameters.launch_type', 'EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'),
      oneOf('target.ecs_parameters.propagate_tags', 'TASK_DEFINITION'),
    ],
  },
} satisfies Readonly<Record<string, Behaviour>>;
