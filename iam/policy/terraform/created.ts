import { managedSecrets } from '../account';
import { EVER, type Placed, type Row, type Rows } from './row';

/** What the provider calls for what a cluster of our own may have beside it: roles, a proxy, rotation (internal/service/iam, rds). */
const of = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);
const roleNamed = (argument: string) => (placed: Placed) => [
  placed.account.global('iam', `role/${placed.nameOf(argument) ?? '*'}`),
];
const role = roleNamed('name');
const inRole = roleNamed('role');

/** A proxy has an id of its own instead of its name in its ARN. */
const proxies = ({ account }: Placed) => [account.arn('rds', 'db-proxy:*')];
const targets = ({ account }: Placed) => [account.arn('rds', 'db-proxy:*'), account.arn('rds', 'target-group:*')];
const targetRead = of('rds', 'DescribeDBProxyTargetGroups', 'DescribeDBProxyTargets');
const trusted = ({ block }: Placed) =>
  /"Service":"([^"]+)"/.exec(String(block.assume_role_policy))?.[1] ?? 'rds.amazonaws.com';

export const CREATED: Rows = {
  aws_iam_role: [
    {
      in: EVER,
      sid: 'Roles',
      actions: of('iam', 'GetRole', 'ListRolePolicies', 'ListAttachedRolePolicies'),
      on: role,
    },
    { in: ['create'], sid: 'Roles', actions: ['iam:CreateRole'], on: role },
    {
      in: ['create', 'update'],
      sid: 'Roles',
      actions: of('iam', 'TagRole', 'UntagRole', 'UpdateAssumeRolePolicy', 'UpdateRole'),
      on: role,
    },
    { in: ['delete'], sid: 'Roles', actions: of('iam', 'DeleteRole', 'ListInstanceProfilesForRole'), on: role },
    // Whoever makes an instance or a proxy with it passes it on.
    {
      in: ['create', 'update'],
      sid: 'RolesPassed',
      actions: ['iam:PassRole'],
      on: role,
      when: (placed) => ({ StringEquals: { 'iam:PassedToService': trusted(placed) } }),
    },
  ],
  aws_iam_role_policy: [
    { in: EVER, sid: 'Roles', actions: ['iam:GetRolePolicy'], on: inRole },
    { in: ['create', 'update'], sid: 'Roles', actions: ['iam:PutRolePolicy'], on: inRole },
    { in: ['delete'], sid: 'Roles', actions: ['iam:DeleteRolePolicy'], on: inRole },
  ],
  aws_iam_role_policy_attachment: [
    { in: EVER, sid: 'Roles', actions: ['iam:ListAttachedRolePolicies'], on: inRole },
    ...(['create', 'delete'] as const).map((operation): Row => ({
      in: [operation],
      sid: 'RolesAttached',
      actions: [operation === 'create' ? 'iam:AttachRolePolicy' : 'iam:DetachRolePolicy'],
      on: inRole,
      when: ({ block }) => ({ ArnEquals: { 'iam:PolicyARN': String(block.policy_arn) } }),
    })),
  ],
  aws_db_proxy: [
    { in: EVER, sid: 'Proxy', actions: of('rds', 'DescribeDBProxies', 'ListTagsForResource'), on: proxies },
    {
      in: ['create', 'update'],
      sid: 'Proxy',
      actions: of('rds', 'CreateDBProxy', 'ModifyDBProxy', 'AddTagsToResource', 'RemoveTagsFromResource'),
      on: proxies,
    },
    { in: ['delete'], sid: 'Proxy', actions: ['rds:DeleteDBProxy'], on: proxies },
  ],
  aws_db_proxy_default_target_group: [
    { in: EVER, sid: 'ProxyTargets', actions: targetRead, on: targets },
    { in: ['create', 'update'], sid: 'ProxyTargets', actions: ['rds:ModifyDBProxyTargetGroup'], on: targets },
  ],
  aws_db_proxy_target: [
    { in: EVER, sid: 'ProxyTargets', actions: targetRead, on: targets },
    {
      in: ['create'],
      sid: 'ProxyTargets',
      actions: ['rds:RegisterDBProxyTargets'],
      on: (placed) => [
        ...targets(placed),
        placed.account.arn('rds', `cluster:${placed.nameOf('db_cluster_identifier')}`),
      ],
    },
    { in: ['delete'], sid: 'ProxyTargets', actions: ['rds:DeregisterDBProxyTargets'], on: targets },
  ],
  aws_secretsmanager_secret_rotation: [
    {
      in: EVER,
      sid: 'Rotation',
      actions: ['secretsmanager:DescribeSecret'],
      on: ({ account }) => [managedSecrets(account)],
    },
    {
      in: ['create', 'update'],
      sid: 'Rotation',
      actions: ['secretsmanager:RotateSecret'],
      on: ({ account }) => [managedSecrets(account)],
    },
    {
      in: ['delete'],
      sid: 'Rotation',
      actions: ['secretsmanager:CancelRotateSecret'],
      on: ({ account }) => [managedSecrets(account)],
    },
  ],
};
