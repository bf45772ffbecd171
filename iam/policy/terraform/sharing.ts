import { objectName } from '../../../contract/naming';
import { managedSecrets, secretNamed } from '../account';
import { anything, EVER, tagged, type Placed, type Row, type Rows } from './row';

/** What the provider calls for the share, keys, secrets and the ticket (internal/service/ram, kms, secretsmanager, ssm). */
const shares = ({ account }: Placed) => [account.arn('ram', 'resource-share/*')];
const shareName = (placed: Placed) => placed.nameOf('name') ?? placed.nameOf('resource_share_arn')!;
const byName = (placed: Placed) => ({ StringEquals: { 'ram:ResourceShareName': shareName(placed) } });
const shareRead = (...actions: string[]): Row => ({ in: EVER, sid: 'ShareRead', actions, on: anything });

const association: readonly Row[] = [
  shareRead('ram:GetResourceShareAssociations', 'ram:GetResourceShares'),
  { in: ['create'], sid: 'Share', actions: ['ram:AssociateResourceShare'], on: shares, when: byName },
  { in: ['delete'], sid: 'Share', actions: ['ram:DisassociateResourceShare'], on: shares, when: byName },
];

const secret = (placed: Placed) => [
  secretNamed(placed.account, placed.nameOf('name') ?? `${placed.nameOf('name_prefix')}*`),
];
const key = ({ block }: Placed) => [String(block.key_id)];

export const SHARING: Rows = {
  aws_ram_resource_share: [
    shareRead('ram:GetResourceShares'),
    { in: EVER, sid: 'Share', actions: ['ram:ListResourceSharePermissions'], on: shares, when: byName },
    {
      in: ['create'],
      sid: 'ShareNew',
      actions: ['ram:CreateResourceShare'],
      on: anything,
      when: (placed) => tagged('RequestTag', placed),
    },
    {
      in: ['create', 'update'],
      sid: 'Share',
      actions: ['ram:UpdateResourceShare', 'ram:TagResource', 'ram:UntagResource'],
      on: shares,
      when: byName,
    },
    { in: ['delete'], sid: 'Share', actions: ['ram:DeleteResourceShare'], on: shares, when: byName },
  ],
  aws_ram_resource_association: association,
  aws_ram_principal_association: association,
  aws_ram_resource_share_accepter: [
    shareRead('ram:GetResourceShareInvitations', 'ram:GetResourceShares', 'ram:ListResources'),
    {
      in: ['create'],
      sid: 'ShareAccept',
      actions: ['ram:AcceptResourceShareInvitation'],
      on: ({ account }) => [`arn:${account.partition}:ram:${account.environment.region}:*:resource-share-invitation/*`],
      when: ({ account }) => ({ StringEquals: { 'ram:ShareOwnerAccountId': account.otherId } }),
    },
    {
      in: ['delete'],
      sid: 'ShareLeave',
      actions: ['ram:DisassociateResourceShare'],
      on: ({ account }) => [
        `arn:${account.partition}:ram:${account.environment.region}:${account.otherId}:resource-share/*`,
      ],
      // The reference has the key for this action, and does not say whether a share of another account brings it along.
      when: ({ account }) => ({
        StringEqualsIfExists: { 'ram:ResourceShareName': objectName(account.environment.name, 'cluster') },
      }),
    },
  ],
  'data.aws_ram_resource_share': [shareRead('ram:GetResourceShares', 'ram:ListResources')],
  aws_secretsmanager_secret: [
    {
      in: EVER,
      sid: 'Secret',
      actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
      on: secret,
    },
    { in: ['create'], sid: 'Secret', actions: ['secretsmanager:CreateSecret'], on: secret },
    { in: ['update'], sid: 'Secret', actions: ['secretsmanager:UpdateSecret'], on: secret },
    {
      in: ['create', 'update'],
      sid: 'Secret',
      actions: ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
      on: secret,
    },
    { in: ['delete'], sid: 'Secret', actions: ['secretsmanager:DeleteSecret'], on: secret },
  ],
  'data.aws_kms_key': [{ in: ['read'], sid: 'Keys', actions: ['kms:DescribeKey'], on: key }],
  'data.aws_ssm_parameters_by_path': [
    {
      in: ['read'],
      sid: 'Ticket',
      actions: ['ssm:GetParametersByPath'],
      on: ({ account, block }) => [
        account.arn('ssm', `parameter${String(block.path)}`),
        account.arn('ssm', `parameter${String(block.path)}/*`),
      ],
    },
  ],
};

/** RDS acts on the key in the name of whoever calls it (KMS developer guide, kms:ViaService; in China it ends with .cn). */
const via = (service: string, { account }: Placed) => ({
  StringLike: { 'kms:ViaService': `${service}.${account.environment.region}.amazonaws.com*` },
});

const keysOf = ({ account, block }: Placed): string[] => {
  const { sourceKeyArn } = account.environment.kms;
  // The storage of the source is read with its key, that of the clone written with its own.
  const restored = 'restore_to_point_in_time' in block && sourceKeyArn !== undefined ? [sourceKeyArn] : [];
  return [...new Set([...restored, ...[block.kms_key_id].filter((arn) => arn !== undefined).map(String)])];
};

/** The key that AWS manages for Secrets Manager has another id in each account; its alias is the same. */
const secretKey = (placed: Placed) => {
  const given = placed.block.master_user_secret_kms_key_id;
  return given === undefined ? [placed.account.arn('kms', 'key/*')] : [String(given)];
};
const isGiven = ({ block }: Placed) => 'master_user_secret_kms_key_id' in block;
const byAlias = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/aws/secretsmanager' } };
const managesPassword = ({ block }: Placed) => block.manage_master_user_password === true;

/** What RDS does with keys and Secrets Manager for a cluster, as whoever calls it (Aurora user guide, "Permissions required for Secrets Manager integration"). */
export const CLUSTER_SECRETS: readonly Row[] = [
  {
    in: ['create', 'update'],
    sid: 'KeyUse',
    actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    on: keysOf,
    when: (placed) => via('rds', placed),
    if: (placed) => keysOf(placed).length > 0,
  },
  {
    in: ['create', 'update'],
    sid: 'Keys',
    actions: ['kms:DescribeKey'],
    on: keysOf,
    if: (placed) => keysOf(placed).length > 0,
  },
  {
    in: ['create', 'update'],
    sid: 'KeyGrants',
    actions: ['kms:ListGrants', 'kms:RevokeGrant'],
    on: keysOf,
    when: () => ({ Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    if: (placed) => keysOf(placed).length > 0,
  },
  {
    in: ['create', 'update'],
    sid: 'MasterPassword',
    actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
    on: ({ account }) => [managedSecrets(account)],
    if: managesPassword,
  },
  {
    in: ['create', 'update'],
    sid: 'MasterPasswordKey',
    actions: ['kms:DescribeKey'],
    on: secretKey,
    when: () => byAlias,
    if: (placed) => managesPassword(placed) && !isGiven(placed),
  },
  {
    in: ['create', 'update'],
    sid: 'MasterPasswordKey',
    actions: ['kms:DescribeKey'],
    on: secretKey,
    if: (placed) => managesPassword(placed) && isGiven(placed),
  },
  {
    in: ['create', 'update'],
    sid: 'MasterPasswordKeyUse',
    actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:GenerateDataKey'],
    on: secretKey,
    when: (placed) => ({
      StringLike: {
        'kms:ViaService': ['rds', 'secretsmanager'].map(
          (service) => `${service}.${placed.account.environment.region}.amazonaws.com*`,
        ),
      },
    }),
    if: (placed) => managesPassword(placed) && isGiven(placed),
  },
];
