import type { Edit, Mistake } from '../edited-environment';

const top = (text: string): Edit => ['name: demo\n', `name: demo\n${text}\n`];

/** What YAML makes of a file. */
export const YAML_MISTAKES: readonly Mistake[] = [
  [
    'an anchor that is not there',
    'YAML_SYNTAX',
    'region: ^*region',
    /does not stand before it/,
    ['region: eu-west-1', 'region: *region'],
  ],
  ['a merge of no mapping', 'YAML_SYNTAX', '^<<: 5', /anchor of a mapping/, top('<<: 5')],
  ['a tab', 'YAML_SYNTAX', '^\tmode', /indentation/, ['  mode: invitation', '\tmode: invitation']],
  ['a shared part under a wrong name', 'UNKNOWN_KEY', '^y-shared', /no setting "y-shared"/, top('y-shared: 1')],
  [
    'a shared value that is wrong for each that refers to it',
    'BAD_RESOURCE_ID',
    '&tables [^table-1]',
    /"table-1" is not the id of a route table/,
    ['name: demo\n', 'x-tables: &tables [table-1]\nname: demo\n'],
    ['[rtb-0a1111111111111b1]', '*tables'],
    ['[rtb-0b2222222222222b2]', '*tables'],
  ],
  [
    'a wrong value in a merged mapping',
    'BAD_CIDR',
    'vpcCidr: ^10.10.0.1/16',
    /10\.10\.0\.1\/16/,
    ['name: demo\n', 'x-network: &network\n  vpcCidr: 10.10.0.1/16\nname: demo\n'],
    ['    vpcCidr: 10.10.0.0/16\n', '    <<: *network\n'],
  ],
];
