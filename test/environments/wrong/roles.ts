import type { Edit, Mistake } from '../edited-environment';

const SOURCE_ROLE = '  roleArn: arn:aws:iam::111111111111:role/aurora-sync\n';
const TARGET_ROLE = '  roleArn: arn:aws:iam::222222222222:role/aurora-sync\n';
const source = (line: string): Edit => [SOURCE_ROLE, `${SOURCE_ROLE}  ${line}\n`];
const target = (line: string): Edit => [TARGET_ROLE, `${TARGET_ROLE}  ${line}\n`];

/** Whom Terraform and sql-runner work as. */
export const ROLE_MISTAKES: readonly Mistake[] = [
  ['an external id with a space', 'BAD_EXTERNAL_ID', '^"a b"', /without spaces/, source('externalId: "a b"')],
  ['an external id of one character', 'BAD_EXTERNAL_ID', 'externalId: ^x', /"x" is not/, target('externalId: x')],
  ['a number as an external id', 'WRONG_TYPE', 'externalId: ^4711', /into quotes/, source('externalId: 4711')],
  [
    'an external id without a role',
    'EXTERNAL_ID_WITHOUT_ROLE',
    'externalId: ^acas-1',
    /Give the role as source\.roleArn/,
    [SOURCE_ROLE, '  externalId: acas-1\n'],
  ],
  [
    'an external id without a role of the target',
    'EXTERNAL_ID_WITHOUT_ROLE',
    'externalId: ^acas-2',
    /remove target\.externalId/,
    [TARGET_ROLE, '  externalId: acas-2\n'],
  ],
  [
    'a role of the other account for sql-runner',
    'ACCOUNT_MISMATCH',
    '^arn:aws:iam::222222222222:role/runner',
    /source\.runnerRoleArn belongs to account 222222222222/,
    source('runnerRoleArn: arn:aws:iam::222222222222:role/runner'),
  ],
  [
    'a session as the role of sql-runner',
    'BAD_ARN',
    '^arn:aws:sts',
    /session of a role/,
    target('runnerRoleArn: arn:aws:sts::222222222222:assumed-role/runner/me'),
  ],
];
