import type { Edit, Mistake } from '../edited-environment';

/** The way between the VPCs, with these settings. */
const way = (...lines: string[]): Edit => [
  'sharing:\n',
  `network:\n${lines.map((line) => `  ${line}\n`).join('')}sharing:\n`,
];
const SOURCE = '    vpcCidr: 10.10.0.0/16\n';
const TARGET = '    vpcCidr: 10.20.0.0/16\n';
const at = (line: string, ...more: string[]): Edit => [line, [line, ...more.map((one) => `    ${one}\n`)].join('')];
const PEERING = 'peeringConnectionId: pcx-0c3333333333333d1';
const GATEWAY = 'transitGatewayId: tgw-0c3333333333333e1';

/** What VPCs, their addresses and the way between them can get wrong. */
export const NETWORK_MISTAKES: readonly Mistake[] = [
  [
    'a way that there is not',
    'UNKNOWN_OPTION',
    'mode: ^privatelink',
    /peering(.|\n)*transit-gateway(.|\n)*existing/,
    way('mode: privatelink'),
  ],
  [
    'a gateway without its id',
    'MISSING_SETTING',
    '^mode: transit-gateway',
    /network\.transitGatewayId is missing/,
    way('mode: transit-gateway'),
  ],
  [
    'the id of something else for a gateway',
    'BAD_RESOURCE_ID',
    'transitGatewayId: ^pcx',
    /is not the id of a transit gateway(.|\n)*tgw- and 8 to 17/,
    way('mode: transit-gateway', 'transitGatewayId: pcx-0c3333333333333d1'),
  ],
  [
    'a gateway for a peering',
    'MODE_MISMATCH',
    '^transitGatewayId',
    /network\.mode is peering(.|\n)*Write mode: transit-gateway, or remove transitGatewayId/,
    way(GATEWAY),
  ],
  [
    'a peering for a gateway',
    'MODE_MISMATCH',
    '^peeringConnectionId',
    /network\.mode is transit-gateway(.|\n)*Write mode: peering/,
    way('mode: transit-gateway', GATEWAY, PEERING),
  ],
  [
    'a peering of a way that nobody is to know',
    'MODE_MISMATCH',
    '^peeringConnectionId',
    /network\.mode is existing/,
    way('mode: existing', PEERING),
  ],
  [
    'names over a gateway',
    'MODE_MISMATCH',
    '^remoteDns',
    /remoteDns is given, and network\.mode is transit-gateway/,
    way('mode: transit-gateway', GATEWAY, 'remoteDns: true'),
  ],
  [
    'names over the peering of others',
    'MODE_MISMATCH',
    '^remoteDns',
    /pcx-0c3333333333333d1 is somebody else’s(.|\n)*Remove remoteDns/,
    way(PEERING, 'remoteDns: true'),
  ],
  [
    'no names over the peering of others',
    'MODE_MISMATCH',
    '^remoteDns',
    /remoteDns is false, and the peering pcx-0c3333333333333d1 is somebody else’s/,
    way(PEERING, 'remoteDns: false'),
  ],
  [
    'routes to nobody knows what',
    'MODE_MISMATCH',
    'routes: ^stack',
    /routes is stack, and network\.mode is existing(.|\n)*Remove routes/,
    way('mode: existing'),
    ['\ntarget:\n', '\n  manage: { routes: stack }\n\ntarget:\n'],
  ],
  [
    'a VPC of others on the source',
    'VPC_SHARED',
    'vpcOwnerId: ^"333',
    /vpc-0a1111111111111a1 belongs to account 333333333333(.|\n)*mode: existing/,
    at(SOURCE, 'vpcOwnerId: "333333333333"'),
  ],
  [
    'a VPC of others on a gateway',
    'VPC_SHARED',
    'vpcOwnerId: ^"333',
    /vpc-0b2222222222222a2 belongs to account 333333333333, and network\.mode is transit-gateway/,
    at(TARGET, 'vpcOwnerId: "333333333333"'),
    way('mode: transit-gateway', GATEWAY),
  ],
  [
    'an owner that is no account',
    'BAD_ACCOUNT_ID',
    'vpcOwnerId: ^network',
    /"network" is not an AWS account id/,
    at(TARGET, 'vpcOwnerId: network'),
  ],
  [
    'a second block that overlaps with the other VPC',
    'CIDR_OVERLAP',
    'secondaryCidrs: [^10.10.128.0/20]',
    /10\.10\.0\.0\/16 in the source account and 10\.10\.128\.0\/20 in the target/,
    at(TARGET, 'secondaryCidrs: [10.10.128.0/20]'),
  ],
  [
    'a second block of the source that does',
    'CIDR_OVERLAP',
    'vpcCidr: ^10.20',
    /10\.20\.16\.0\/20 in the source account and 10\.20\.0\.0\/16/,
    at(SOURCE, 'secondaryCidrs: [10.20.16.0/20]'),
  ],
  [
    'a second block that is the first',
    'CIDR_OVERLAP',
    'secondaryCidrs: [^10.10.0.0/16]',
    /overlaps with 10\.10\.0\.0\/16, which is a block of the same VPC/,
    at(SOURCE, 'secondaryCidrs: [10.10.0.0/16]'),
  ],
  [
    'a second block that is none',
    'BAD_CIDR',
    'secondaryCidrs: [^10.0.0.0/8]',
    /"10\.0\.0\.0\/8" is not the CIDR block of a VPC/,
    at(SOURCE, 'secondaryCidrs: [10.0.0.0/8]'),
  ],
  [
    'a subnet without its block',
    'SUBNET_CIDRS_MISMATCH',
    '^subnetCidrs',
    /There are 3 subnetIds and 2 subnetCidrs/,
    at(TARGET, 'subnetCidrs: [10.20.1.0/24, 10.20.2.0/24]'),
    ['subnet-0b2222222222222d2]', 'subnet-0b2222222222222d2, subnet-0b2222222222222d3]'],
  ],
  [
    'a subnet outside of its VPC',
    'SUBNET_CIDRS_MISMATCH',
    '10.20.1.0/24, ^10.21.2.0/24',
    /10\.21\.2\.0\/24 is in no block of the VPC: 10\.20\.0\.0\/16/,
    at(TARGET, 'subnetCidrs: [10.20.1.0/24, 10.21.2.0/24]'),
  ],
  [
    'subnets that overlap',
    'SUBNET_CIDRS_MISMATCH',
    '10.20.0.0/20, ^10.20.1.0/24',
    /10\.20\.1\.0\/24 overlaps with 10\.20\.0\.0\/20/,
    at(TARGET, 'subnetCidrs: [10.20.0.0/20, 10.20.1.0/24]'),
  ],
];
