import type { Edit, Mistake } from '../edited-environment';
const arn = (text: string): Edit => ['roleArn: arn:aws:iam::111111111111:role/aurora-sync', `roleArn: ${text}`];
const cluster = (text: string): Edit => ['    majorVersion: 17\n', `    majorVersion: 17\n    ${text}\n`];
const manage = (text: string): Edit => ['\ntarget:\n', `\n  manage:\n    ${text}\n\ntarget:\n`];
const kms = (text: string): Edit => ['sharing:\n', `kms: ${text}\nsharing:\n`];

/** What settings can get wrong together. */
export const RULE_MISTAKES: readonly Mistake[] = [
  [
    'a recovery window that Secrets Manager does not have',
    'BAD_VALUE',
    'secretRecoveryDays: ^3',
    /secretRecoveryDays is 3(.|\n)*7 to 30, or 0/,
    ['\nreplication:\n', '\nreplication:\n  secretRecoveryDays: 3\n'],
  ],
  [
    'overlapping VPCs',
    'CIDR_OVERLAP',
    '^10.10.128.0/17',
    /10\.10\.0\.0\/16 in the source account and 10\.10\.128\.0\/17/,
    ['10.20.0.0/16', '10.10.128.0/17'],
  ],
  [
    'a key in another Region',
    'REGION_MISMATCH',
    'sourceKeyArn: ^"arn',
    /us-east-1(.|\n)*one Region/,
    kms('{ sourceKeyArn: "arn:aws:kms:us-east-1:111111111111:key/x" }'),
  ],
  [
    'a secret in another Region',
    'REGION_MISMATCH',
    'adminSecretArn: ^arn',
    /adminSecretArn is in eu-west-2/,
    cluster('adminSecretArn: arn:aws:secretsmanager:eu-west-2:111111111111:secret:x'),
  ],
  [
    'a role of another account',
    'ACCOUNT_MISMATCH',
    '^arn:aws:iam::9',
    /999999999999, but source\.accountId is 111111111111/,
    arn('arn:aws:iam::999999999999:role/x'),
  ],
  [
    'a key for the clone only',
    'KMS_SOURCE_KEY_MISSING',
    'targetKeyArn: ^"arn',
    /without kms\.sourceKeyArn/,
    kms('{ targetKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/x" }'),
  ],
  [
    'a stack that makes the policy of a key',
    'KEY_POLICY_OF_OWNER',
    'keyPolicy: ^stack',
    /keyPolicy is "stack"(.|\n)*lock out(.|\n)*Write owner/,
    manage('keyPolicy: stack'),
  ],
  [
    'a maker that there is not',
    'UNKNOWN_OPTION',
    'routes: ^terraform',
    /stack(.|\n)*owner/,
    manage('routes: terraform'),
  ],
  ['a thing that nobody makes', 'UNKNOWN_KEY', '^peering: owner', /routes/, manage('peering: owner')],
  [
    'one account on both sides',
    'SAME_ACCOUNT',
    'target:\n  accountId: ^"1111',
    /both in account 111111111111/,
    ['"222222222222"', '"111111111111"'],
    ['arn:aws:iam::222222222222', 'arn:aws:iam::111111111111'],
  ],
  [
    'a database listed twice',
    'DUPLICATE_DATABASE',
    'all\n  - name: ^shop',
    /"shop" is listed twice/,
    ['name: ledger', 'name: shop'],
  ],
  [
    'a name other than the file name',
    'NAME_MISMATCH',
    'name: ^other',
    /Rename the file to other\.yaml/,
    ['name: demo', 'name: other'],
  ],
  [
    'the group of the environment itself',
    'PARAMETER_GROUP_OWN',
    'parameterGroup: ^acas',
    /acas-demo-source-pg17 is the group that this environment makes/,
    ['default.aurora-postgresql17', 'acas-demo-source-pg17'],
  ],
  [
    'a parameter group of another version',
    'PARAMETER_GROUP_FAMILY',
    '^default.aurora-postgresql16',
    /version 16, but majorVersion is 17/,
    ['aurora-postgresql17', 'aurora-postgresql16'],
  ],
  [
    'a parameter that the stack sets',
    'PARAMETER_RESERVED',
    '^rds.logical_replication',
    /rds\.logical_replication/,
    cluster('extraParameters: { rds.logical_replication: 0 }'),
  ],
  [
    'Serverless without a capacity',
    'SERVERLESS_MISMATCH',
    'clone:\n    ^identifier',
    /db\.serverless without serverlessV2/,
    ['db.r6g.large', 'db.serverless'],
  ],
  [
    'a capacity range upside down',
    'BAD_CAPACITY',
    'serverlessV2: ^{',
    /minCapacity is 4 and maxCapacity 2/,
    ['db.r6g.large', 'db.serverless\n    serverlessV2: { minCapacity: 4, maxCapacity: 2 }'],
  ],
  [
    'a clone that nobody reaches',
    'CLONE_UNREACHABLE',
    '^network:\n    vpcId: vpc-0b',
    /who may connect/,
    ['    clientCidrs: [10.20.0.0/16]\n', ''],
  ],
  [
    'a release without a budget',
    'BAD_VALUE',
    'onBudget: ^release',
    /no budget that could be used up/,
    ['name: demo\n', 'name: demo\nonBudget: release\n'],
  ],
];
