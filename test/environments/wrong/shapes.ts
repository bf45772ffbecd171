import type { Edit, Mistake } from '../edited-environment';

const backend = (text: string): Edit => ['  type: local\n  directory: terraform-state\n', text];
const top = (text: string): Edit => ['name: demo\n', `name: demo\n${text}\n`];
const clone = (text: string): Edit => [
  '    instanceClass: db.r6g.large\n',
  `    instanceClass: db.r6g.large\n${text}\n`,
];
const databases = (text: string): Edit => [
  '  - name: shop\n    tables: all\n  - name: ledger\n    schemas: [public, "Audit"]\n',
  text,
];

/** Shapes: a mapping, a list or a text where something else belongs. */
export const SHAPES_MISTAKES: readonly Mistake[] = [
  [
    'a mode without its key',
    'WRONG_TYPE',
    'sharing: ^organization',
    /a mapping belongs there(.|\n)*sharing: \{ mode: organization \}/,
    ['sharing:\n  mode: invitation', 'sharing: organization'],
  ],
  [
    'databases as names alone',
    'WRONG_TYPE',
    'databases:\n  [^shop]',
    /databases\[0\] is the string "shop"(.|\n)*\{ name: shop \}/,
    databases('  [shop]\n'),
  ],
  [
    'one database as a text',
    'WRONG_TYPE',
    'databases:\n  ^shop',
    /Write it as a list: databases: \[shop\]/,
    databases('  shop\n'),
  ],
  [
    'databases as a mapping',
    'WRONG_TYPE',
    'databases:\n  ^shop:',
    /Begin each entry with a hyphen/,
    databases('  shop: all\n'),
  ],
  ['no database', 'TOO_FEW_ENTRIES', 'databases:\n  ^[]', /0 of at least 1/, databases('  []\n')],
  [
    'a backend by its name',
    'WRONG_TYPE',
    'backend:\n  ^s3',
    /backend is the string "s3"(.|\n)*backend: \{ type: s3 \}/,
    backend('  s3\n'),
  ],
  [
    'a backend without its type',
    'MISSING_SETTING',
    '^directory: x',
    /backend\.type is missing/,
    backend('  directory: x\n'),
  ],
  [
    'one id where a list belongs',
    'WRONG_TYPE',
    'routeTableIds: ^rtb-0a1',
    /routeTableIds: \[rtb-0a1111111111111b1\]/,
    ['[rtb-0a1111111111111b1]', 'rtb-0a1111111111111b1'],
  ],
  [
    'one schema where a list belongs',
    'WRONG_TYPE',
    'schemas: ^public',
    /schemas: \[public\]/,
    ['schemas: [public, "Audit"]', 'schemas: public'],
  ],
  [
    'tables that are neither',
    'UNKNOWN_OPTION',
    'tables: ^some',
    /takes all or a list/,
    ['tables: all', 'tables: some'],
  ],
  ['no tables', 'TOO_FEW_ENTRIES', 'tables: ^[]', /0 of at least 1/, ['tables: all', 'tables: []']],
  [
    'a setting without a value',
    'WRONG_TYPE',
    '^replication:\nkms',
    /replication is empty(.|\n)*remove the line/,
    ['replication:\n', 'replication:\nkms: {}\nbudget:\n'],
    ['  # A relative path: the server of the clone finds it in its data directory,\n', ''],
    ['budget:\n  # where the lab puts the certificate of its own authority.\n  sslRootCert: rds-ca.pem\n', ''],
  ],
  ['a truth value for a name', 'WRONG_TYPE', 'name: ^true', /Put the value into quotes/, ['name: shop', 'name: true']],
  ['a word for a truth value', 'WRONG_TYPE', 'readOnly: ^yes', /but true or false belongs/, clone('    readOnly: yes')],
  [
    'a code that is no list',
    'WRONG_TYPE',
    '^SLOT_WAL',
    /acknowledge: \[SLOT_WAL_LIMITED\]/,
    top('acknowledge: SLOT_WAL_LIMITED'),
  ],
];
