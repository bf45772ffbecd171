import type { Edit, Mistake } from '../edited-environment';

const top = (text: string): Edit => ['name: demo\n', `name: demo\n${text}\n`];
const clone = (text: string): Edit => [
  '    instanceClass: db.r6g.large\n',
  `    instanceClass: db.r6g.large\n${text}\n`,
];
const capacity = (text: string): Edit => ['db.r6g.large', `db.serverless\n    serverlessV2: ${text}`];
const major = (text: string): Edit => ['majorVersion: 17', `majorVersion: ${text}`];

/** Numbers and words that are not among those that a setting takes. */
export const VALUES_MISTAKES: readonly Mistake[] = [
  ['a minor version', 'WRONG_TYPE', 'majorVersion: ^16.6', /Write 16: which minor version runs/, major('16.6')],
  ['a minor version in quotes', 'WRONG_TYPE', 'majorVersion: ^"16.6"', /Write 16/, major('"16.6"')],
  ['a version that is too new', 'BAD_VALUE', 'majorVersion: ^19', /it takes at most 18/, major('19')],
  ['no instance', 'BAD_VALUE', 'instanceCount: ^0', /it takes at least 1/, clone('    instanceCount: 0')],
  ['too many instances', 'BAD_VALUE', 'instanceCount: ^16', /it takes at most 15/, clone('    instanceCount: 16')],
  ['half an instance', 'WRONG_TYPE', 'instanceCount: ^1.5', /a whole number belongs/, clone('    instanceCount: 1.5')],
  [
    'a capacity beyond the largest',
    'BAD_VALUE',
    'maxCapacity: ^300',
    /it takes at most 256/,
    capacity('{ minCapacity: 1, maxCapacity: 300 }'),
  ],
  [
    'a capacity between the steps',
    'BAD_VALUE',
    'minCapacity: ^0.7',
    /a multiple of 0\.5/,
    capacity('{ minCapacity: 0.7, maxCapacity: 2 }'),
  ],
  [
    'a clone that pauses',
    'BAD_CAPACITY',
    'serverlessV2: ^{',
    /stops applying changes/,
    capacity('{ minCapacity: 0, maxCapacity: 2 }'),
  ],
  [
    'a capacity for a class that has none',
    'SERVERLESS_MISMATCH',
    'serverlessV2: ^{',
    /db\.r6g\.large with serverlessV2/,
    clone('    serverlessV2: { minCapacity: 1, maxCapacity: 2 }'),
  ],
  ['no time at all', 'BAD_VALUE', 'hours: ^0', /it takes more than 0/, top('budget: { hours: 0 }')],
  ['hours in quotes', 'WRONG_TYPE', 'hours: ^"5"', /Remove the quotes/, top('budget: { hours: "5" }')],
  ['what nobody can do', 'UNKNOWN_OPTION', 'onBudget: ^drop', /alarm or release/, top('onBudget: drop')],
  [
    'a code with a slip',
    'UNKNOWN_OPTION',
    '[^SLOT_WAL_LIMITTED]',
    /Did you mean "SLOT_WAL_LIMITED"/,
    top('acknowledge: [SLOT_WAL_LIMITTED]'),
  ],
  [
    'a parameter group with a space',
    'BAD_IDENTIFIER',
    '^My Group',
    /describe-db-clusters/,
    ['default.aurora-postgresql17', 'My Group'],
  ],
  ['an empty path', 'BAD_VALUE', `sslRootCert: ^''`, /sslRootCert is empty/, ['rds-ca.pem', `''`]],
  ['a role in capitals', 'BAD_ROLE_NAME', 'role: ^Sync', /lower case/, ['  sslRootCert: rds-ca.pem', '  role: Sync']],
  ['an environment in capitals', 'BAD_NAME', 'name: ^Demo', /lower case letters/, ['name: demo', 'name: Demo']],
  ['a schema in quotes of SQL', 'BAD_NAME', `[public, ^'"Audit"']`, /without SQL quotes/, ['"Audit"', `'"Audit"'`]],
  ['a schema listed twice', 'DUPLICATE_ENTRY', 'public, ^public', /listed twice/, ['"Audit"', 'public']],
];
