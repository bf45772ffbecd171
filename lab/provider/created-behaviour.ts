import type { Behaviour } from './behaviour';
import { arn, atMostOne, identifier, oneOf, parameterGroupName, startsWith } from './rules';

/** What belongs to a cluster that a stack makes; see resource-behaviour.ts. */
export const CREATED_BEHAVIOUR = {
  // rds/parameter_group.go
  aws_db_parameter_group: {
    forceNew: ['name', 'name_prefix', 'family', 'description'],
    defaults: { description: 'Managed by Terraform', skip_destroy: false, 'parameter.apply_method': 'immediate' },
    rules: [
      atMostOne('', 'name', 'name_prefix'),
      parameterGroupName('name'),
      oneOf('parameter.apply_method', 'immediate', 'pending-reboot'),
    ],
  },
  // rds/proxy.go
  aws_db_proxy: {
    forceNew: ['engine_family', 'vpc_subnet_ids'],
    rules: [
      identifier('name'),
      oneOf('engine_family', 'MYSQL', 'POSTGRESQL', 'SQLSERVER'),
      oneOf('auth.auth_scheme', 'SECRETS'),
      oneOf('auth.iam_auth', 'DISABLED', 'REQUIRED', 'ENABLED'),
      arn('auth.secret_arn'),
      arn('role_arn'),
      startsWith('vpc_subnet_ids', 'subnet-'),
      startsWith('vpc_security_group_ids', 'sg-'),
    ],
  },
  // rds/proxy_default_target_group.go
  aws_db_proxy_default_target_group: {
    forceNew: ['db_proxy_name'],
    computedBlocks: ['connection_pool_config'],
    rules: [identifier('db_proxy_name')],
  },
  // rds/proxy_target.go: a target is never changed.
  aws_db_proxy_target: {
    forceNew: ['db_proxy_name', 'target_group_name', 'db_cluster_identifier', 'db_instance_identifier'],
    rules: [atMostOne('', 'db_cluster_identifier', 'db_instance_identifier'), identifier('db_proxy_name')],
  },
  // iam/role.go
  aws_iam_role: {
    forceNew: ['name', 'name_prefix', 'path'],
    defaults: { force_detach_policies: false, max_session_duration: 3600, path: '/' },
    computedBlocks: ['inline_policy'],
    rules: [atMostOne('', 'name', 'name_prefix')],
  },
  // iam/role_policy.go
  aws_iam_role_policy: { forceNew: ['name', 'name_prefix', 'role'], rules: [atMostOne('', 'name', 'name_prefix')] },
  // iam/role_policy_attachment.go
  aws_iam_role_policy_attachment: { forceNew: ['role', 'policy_arn'], rules: [arn('policy_arn')] },
  // secretsmanager/secret_rotation.go
  aws_secretsmanager_secret_rotation: {
    forceNew: ['secret_id'],
    defaults: { rotate_immediately: true },
    rules: [arn('rotation_lambda_arn'), atMostOne('rotation_rules', 'automatically_after_days', 'schedule_expression')],
  },
} satisfies Readonly<Record<string, Behaviour>>;
