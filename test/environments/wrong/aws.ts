import type { Edit, Mistake } from '../edited-environment';

const backend = (text: string): Edit => ['  type: local\n  directory: terraform-state\n', text];
const s3 = (more: string): Edit => backend(`  type: s3\n  bucket: states\n  region: eu-west-1\n  ${more}\n`);
const remote = (more: string): Edit => backend(`  type: remote\n  ${more}\n`);
const role = (text: string): Edit => ['roleArn: arn:aws:iam::111111111111:role/aurora-sync', `roleArn: ${text}`];
const kms = (text: string): Edit => ['sharing:\n', `kms: ${text}\nsharing:\n`];
const instances = (text: string): Edit => ['db.r6g.large', text];

/** What AWS has other names for. */
export const AWS_MISTAKES: readonly Mistake[] = [
  [
    'the session of a role',
    'BAD_ARN',
    '^arn:aws:sts',
    /session of a role(.|\n)*Give the role: arn:aws:iam::111111111111:role\/Admin, with its path/,
    role('arn:aws:sts::111111111111:assumed-role/Admin/me@example.com'),
  ],
  [
    'a user',
    'BAD_ARN',
    '^arn:aws:iam::111111111111:user',
    /is a user(.|\n)*work as the user/,
    role('arn:aws:iam::111111111111:user/me'),
  ],
  [
    'the root of an account',
    'BAD_ARN',
    '^arn:aws:iam::111111111111:root',
    /is a user/,
    role('arn:aws:iam::111111111111:root'),
  ],
  [
    'a burstable class of before',
    'BAD_INSTANCE_CLASS',
    '^db.t2',
    /no instances of class db\.t2\.medium/,
    instances('db.t2.medium'),
  ],
  ['a general purpose class', 'BAD_INSTANCE_CLASS', '^db.m6g', /memory-optimised/, instances('db.m6g.large')],
  ['a class that is too small', 'BAD_INSTANCE_CLASS', '^db.t4g', /db\.t4g\.medium/, instances('db.t4g.micro')],
  ['a class of other engines', 'BAD_INSTANCE_CLASS', '^db.x2i', /no instances of class/, instances('db.x2iedn.xlarge')],
  ['a class in capitals', 'BAD_INSTANCE_CLASS', '^DB.R6G', /db\.r6g\.large/, instances('DB.R6G.LARGE')],
  [
    'a source key in the account of the target',
    'ACCOUNT_MISMATCH',
    'sourceKeyArn: ^"arn',
    /222222222222, which is that of the target(.|\n)*KmsKeyId of the production cluster/,
    kms('{ sourceKeyArn: "arn:aws:kms:eu-west-1:222222222222:key/x" }'),
  ],
  [
    'a key for the clone in another Region',
    'REGION_MISMATCH',
    'targetKeyArn: ^"arn',
    /targetKeyArn is in eu-west-3/,
    kms(
      '{ sourceKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/x", targetKeyArn: "arn:aws:kms:eu-west-3:222222222222:key/y" }',
    ),
  ],
  ['the id of a key alone', 'BAD_ARN', 'sourceKeyArn: ^1234', /full ARN/, kms('{ sourceKeyArn: 1234abcd-12ab }')],
  [
    'the secret of another account',
    'ACCOUNT_MISMATCH',
    'adminSecretArn: ^arn',
    /999999999999, but source\.accountId is 111111111111/,
    [
      '    majorVersion: 17\n',
      '    majorVersion: 17\n    adminSecretArn: arn:aws:secretsmanager:eu-west-1:999999999999:secret:x\n',
    ],
  ],
  [
    'the name of a secret alone',
    'BAD_ARN',
    'adminSecretArn: ^production',
    /secretsmanager/,
    ['    majorVersion: 17\n', '    majorVersion: 17\n    adminSecretArn: production-admin\n'],
  ],
  [
    'the role of the source in the target',
    'ACCOUNT_MISMATCH',
    '^arn:aws:iam::111111111111:role/other',
    /target\.roleArn belongs to account 111111111111/,
    ['arn:aws:iam::222222222222:role/aurora-sync', 'arn:aws:iam::111111111111:role/other'],
  ],
  [
    'an account id with hyphens',
    'BAD_ACCOUNT_ID',
    '^"1111-1111-1111"',
    /12 digits/,
    ['"111111111111"', '"1111-1111-1111"'],
  ],
  ['a Region with underscores', 'BAD_REGION', '^eu_west_1', /eu-west-1/, ['region: eu-west-1', 'region: eu_west_1']],
  [
    'an Availability Zone',
    'BAD_REGION',
    '^eu-west-1a',
    /name of an AWS Region/,
    ['region: eu-west-1', 'region: eu-west-1a'],
  ],
  [
    'clients from everywhere',
    'BAD_CIDR',
    '^0.0.0.0/0',
    /10\.1|narrower/,
    ['clientCidrs: [10.20.0.0/16]', 'clientCidrs: [0.0.0.0/0]'],
  ],
  [
    'a client with host bits',
    'BAD_CIDR',
    '^10.20.0.7/16',
    /10\.1\.4\.7\/32/,
    ['clientCidrs: [10.20.0.0/16]', 'clientCidrs: [10.20.0.7/16]'],
  ],
  ['a block that no VPC has', 'BAD_CIDR', '^10.0.0.0/8', /from \/16 to \/28/, ['10.10.0.0/16', '10.0.0.0/8']],
  [
    'the id of another kind',
    'BAD_RESOURCE_ID',
    '[^vpc-0b2',
    /id of a subnet/,
    ['[subnet-0b2222222222222d1', '[vpc-0b2222222222222d1'],
  ],
  [
    'a group listed twice',
    'DUPLICATE_ENTRY',
    'c1, ^sg-',
    /listed twice/,
    ['[sg-0a1111111111111c1]', '[sg-0a1111111111111c1, sg-0a1111111111111c1]'],
  ],
  [
    'a bucket as an address',
    'BAD_VALUE',
    'bucket: ^s3:',
    /without s3:\/\//,
    backend('  type: s3\n  bucket: s3://states\n  region: eu-west-1\n'),
  ],
  [
    'no bucket',
    'MISSING_SETTING',
    '^type: s3',
    /backend\.bucket is missing/,
    backend('  type: s3\n  region: eu-west-1\n'),
  ],
  [
    'a prefix with a slash in front',
    'BAD_VALUE',
    'keyPrefix: ^/p',
    /begins or ends with a slash/,
    s3('keyPrefix: /platform'),
  ],
  ['a prefix with a slash behind', 'BAD_VALUE', 'keyPrefix: ^p', /platform\/aurora-sync/, s3('keyPrefix: platform/')],
  ['a prefix that leads out', 'BAD_VALUE', 'keyPrefix: ^a', /"\.\." between its slashes/, s3('keyPrefix: a/../b')],
  ['a prefix that is a dot', 'BAD_VALUE', 'keyPrefix: ^.', /"\." or/, s3('keyPrefix: .')],
  ['an empty prefix', 'BAD_VALUE', `keyPrefix: ^''`, /which is empty/, s3(`keyPrefix: ''`)],
  ['an empty key', 'BAD_VALUE', `kmsKeyId: ^''`, /The text is empty/, s3(`kmsKeyId: ''`)],
  [
    'a host as an address',
    'BAD_VALUE',
    'hostname: ^https',
    /without https/,
    remote('organization: x\n  hostname: https://tfe.example.com'),
  ],
  [
    'no organization',
    'MISSING_SETTING',
    '^type: remote',
    /backend\.organization is missing/,
    remote('hostname: tfe.example.com'),
  ],
  [
    'a prefix with a space',
    'BAD_VALUE',
    'workspacePrefix: ^a b',
    /letters, digits, hyphens/,
    remote('organization: x\n  workspacePrefix: a b'),
  ],
  [
    'a setting of another backend',
    'UNKNOWN_KEY',
    '^bucket',
    /Known here: type, hostname/,
    remote('organization: x\n  bucket: y'),
  ],
];
