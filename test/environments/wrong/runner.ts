import type { Edit, Mistake } from '../edited-environment';

const IMAGE = '222222222222.dkr.ecr.eu-west-1.amazonaws.com/sql-runner:1.0.0';
const ROLE = 'roleArn: arn:aws:iam::111111111111:role/aurora-sync';
const inTarget = (lines: readonly string[]): Edit => [
  '    clientCidrs: [10.20.0.0/16]\n',
  `    clientCidrs: [10.20.0.0/16]\n  runner:\n${lines.map((line) => `    ${line}\n`).join('')}`,
];
const runner = (...lines: string[]): Edit => inTarget([`image: ${IMAGE}`, ...lines]);

/** What the place where sql-runner runs can get wrong. */
export const RUNNER_MISTAKES: readonly Mistake[] = [
  ['no image', 'MISSING_SETTING', '^serve: true', /target\.runner\.image is missing/, inTarget(['serve: true'])],
  [
    'an image that no registry has',
    'BAD_VALUE',
    'image: ^SQL',
    /"SQL Runner" is not the name of an image/,
    inTarget(['image: SQL Runner']),
  ],
  [
    'an image of any version',
    'BAD_VALUE',
    'image: ^registry',
    /does not say which version(.|\n)*Add the digest/,
    inTarget(['image: registry.example.com/sql-runner']),
  ],
  [
    'the image that is the latest',
    'BAD_VALUE',
    'image: ^registry',
    /without a plan/,
    inTarget(['image: registry.example.com/sql-runner:latest']),
  ],
  [
    'a role of the other account for the runner',
    'ACCOUNT_MISMATCH',
    'sourceRoleArn: ^arn',
    /belongs to account 222222222222, but source\.accountId is 111111111111/,
    runner('sourceRoleArn: arn:aws:iam::222222222222:role/x'),
  ],
  [
    'no role in the source account for the runner',
    'MISSING_SETTING',
    '^runner:',
    /sourceRoleArn is missing, and so is source\.roleArn/,
    runner('serve: true'),
    [`  ${ROLE}\n  cluster`, '  cluster'],
  ],
  [
    'a subnet of the runner that is none',
    'BAD_RESOURCE_ID',
    'subnetIds: [^vpc',
    /not the id of a subnet/,
    runner('subnetIds: [vpc-0b2222222222222a2]'),
  ],
  ['a part of a CPU that there is not', 'UNKNOWN_OPTION', 'cpu: ^300', /256 or 512/, runner('cpu: 300')],
  [
    'memory that goes with another CPU',
    'BAD_VALUE',
    'memoryMb: ^4096',
    /With 256 CPU units take 512, 1024, 2048\./,
    runner('memoryMb: 4096'),
  ],
  [
    'memory between two steps',
    'BAD_VALUE',
    'memoryMb: ^2500',
    /take 2048 to 8192 in steps of 1024/,
    runner('cpu: 1024', 'memoryMb: 2500'),
  ],
  ['another processor', 'UNKNOWN_OPTION', 'architecture: ^amd64', /x86_64 or arm64/, runner('architecture: amd64')],
  [
    'a schedule of crontab',
    'BAD_VALUE',
    'statusSchedule: ^"0 3',
    /"0 3 \* \* \*" is not a schedule/,
    runner('statusSchedule: "0 3 * * *"'),
  ],
  [
    'a schedule for both kinds of days',
    'BAD_VALUE',
    'verifySchedule: ^cron',
    /one of the two days a question mark/,
    runner('verifySchedule: cron(0 3 * * * *)'),
  ],
  [
    'a runner that runs nothing',
    'BAD_VALUE',
    'serve: ^false',
    /there is no schedule(.|\n)*leave out target\.runner/,
    runner('serve: false'),
  ],
  [
    'days that CloudWatch does not keep',
    'UNKNOWN_OPTION',
    'logRetentionDays: ^31',
    /30 or 60/,
    runner('logRetentionDays: 31'),
  ],
];
