import { AwsError } from '../aws-error';
import { findCluster } from '../clusters';
import { arn } from '../ids';
import type { Scope } from '../operation';
import { findSecret } from '../secrets';
import { ENDPOINT_HOST } from '../services/rds-shapes';
import { nameFrom, text, texts, blocks, type Attributes, type ResourceHandler } from './handler';
import { existing, kept } from './kept';
import { securityGroup, subnet } from './vpc';

/** IAM is of no Region. */
const iamArn = ({ account }: Scope, resource: string) => `arn:aws:iam::${account.id}:${resource}`;
const role = (scope: Scope, name: string) => existing(scope, 'aws_iam_role', name, 'NoSuchEntity');
const proxy = (scope: Scope, name: string) => existing(scope, 'aws_db_proxy', name, 'DBProxyNotFoundFault');

/** @throws AwsError where a role that a service is to assume is not there */
export function assumableRole(scope: Scope, roleArn: string, service: string): void {
  const name = roleArn.split('/').at(-1) ?? '';
  const policy = text(role(scope, name), 'assume_role_policy');
  if (policy.includes(`"${service}"`)) return;
  const message = `IAM role ARN value is invalid or does not include the required permissions: ${service} may not assume it`;
  throw new AwsError('InvalidParameterValue', message);
}

function checkProxy(scope: Scope, config: Attributes): void {
  assumableRole(scope, text(config, 'role_arn'), 'rds.amazonaws.com');
  for (const id of texts(config, 'vpc_subnet_ids')) subnet(scope.account, id);
  for (const id of texts(config, 'vpc_security_group_ids')) securityGroup(scope.account, id);
  for (const auth of blocks(config, 'auth')) {
    findSecret(scope.account, text(auth, 'secret_arn'));
    // CreateDBProxy, UserAuthConfig.
    if (auth.iam_auth === 'ENABLED' && config.engine_family !== 'SQLSERVER')
      throw new AwsError('InvalidParameterValue', 'IAMAuth ENABLED is valid only for proxies with RDS for SQL Server.');
  }
}

/** What belongs to a cluster that a stack makes. It is there, and nothing runs behind it: no proxy, no monitoring. */
export const createdTypes: Readonly<Record<string, ResourceHandler>> = {
  aws_db_parameter_group: kept('aws_db_parameter_group', {
    id: (config) => nameFrom(config).toLowerCase(),
    computed: ({ account, region }, id) => ({ arn: arn('rds', region, account.id, `pg:${id}`), name: id }),
  }),
  aws_db_proxy: kept('aws_db_proxy', {
    id: (config) => text(config, 'name'),
    computed: ({ account, region }, id) => ({
      arn: arn('rds', region, account.id, `db-proxy:${id}`),
      endpoint: ENDPOINT_HOST,
    }),
    check: checkProxy,
  }),
  aws_db_proxy_default_target_group: kept('aws_db_proxy_default_target_group', {
    id: (config) => text(config, 'db_proxy_name'),
    computed: ({ account, region }, id) => ({
      arn: arn('rds', region, account.id, `target-group:${id}`),
      name: 'default',
    }),
    check: (scope, config) => void proxy(scope, text(config, 'db_proxy_name')),
  }),
  aws_db_proxy_target: kept('aws_db_proxy_target', {
    id: (config) => `${text(config, 'db_proxy_name')}/default/TRACKED_CLUSTER/${text(config, 'db_cluster_identifier')}`,
    computed: ({ account }, _id, config) => ({
      tracked_cluster_id: text(config, 'db_cluster_identifier'),
      rds_resource_id: text(config, 'db_cluster_identifier'),
      type: 'TRACKED_CLUSTER',
      endpoint: ENDPOINT_HOST,
      port: findCluster(account, text(config, 'db_cluster_identifier')).port,
      target_arn: '',
    }),
    check: (scope, config) => void proxy(scope, text(config, 'db_proxy_name')),
  }),
  aws_iam_role: kept('aws_iam_role', {
    id: nameFrom,
    computed: (scope, id) => ({ arn: iamArn(scope, `role/${id}`), name: id, unique_id: `AROA${id}` }),
  }),
  aws_iam_role_policy: kept('aws_iam_role_policy', {
    id: (config) => `${text(config, 'role')}:${nameFrom(config)}`,
    check: (scope, config) => void role(scope, text(config, 'role')),
  }),
  aws_iam_role_policy_attachment: kept('aws_iam_role_policy_attachment', {
    id: (config) => `${text(config, 'role')}/${text(config, 'policy_arn')}`,
    check: (scope, config) => void role(scope, text(config, 'role')),
  }),
  aws_secretsmanager_secret_rotation: kept('aws_secretsmanager_secret_rotation', {
    id: (config) => text(config, 'secret_id'),
    computed: () => ({ rotation_enabled: true, rotation_lambda_arn: '' }),
    check: ({ account }, config) => void findSecret(account, text(config, 'secret_id')),
  }),
};
