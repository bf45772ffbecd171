import type { Draft } from '../support/observations';
import { around as surroundingsOf, made, owned, policyOf } from '../support/production';
import type { Surroundings } from '../../../sql-runner/model/surroundings';
import type { IngressRule, RouteSeen } from '../../../sql-runner/aws/production-network';
import { unconnected, type Edit, type Fires } from './provocations';

/** What stands around production: rules, routes and the policy of the key. */

const TARGET = '10.20.0.0/16';
const KMS = 'arn:aws:iam::222222222222:root';
const GROUP = { group: 'sg-0a1111111111111c1', protocol: 'tcp', fromPort: 5432, toPort: 5432 };
const TABLE = { table: 'rtb-0a1111111111111b1', state: 'active' };
const PEERING = 'pcx-0a1111111111111d1';

const edit =
  (change: (around: Draft<Surroundings>) => void): Edit =>
  ({ surroundings }) =>
    change(surroundings);
const rules = (...seen: IngressRule[]) => edit((around) => (around.rules = { seen }));
const routes = (...seen: RouteSeen[]) => edit((around) => (around.routes = { seen }));
const key = (...statements: object[]) => edit((around) => (around.keyPolicy = { seen: policyOf(...statements) }));
const both =
  (one: Edit, other: Edit): Edit =>
  (world) => {
    one(world);
    other(world);
  };
const byOwner: Edit = ({ surroundings }) => (surroundings.production = owned());

const GATEWAY = 'tgw-0a1111111111111e1';
const wayBack = { routeTableIds: ['rtb-0b2222222222222b2'], cidrs: ['10.10.0.0/16'] };
/** Production and clone, between which others have made the way. */
const byNetwork = edit((around) => Object.assign(around, surroundingsOf(made({ peeringConnectionId: null, wayBack }))));
const severalBlocks = edit((around) =>
  Object.assign(around, surroundingsOf(made({ targetCidr: [TARGET, '10.21.0.0/20'] }))),
);
const throughGateway = edit((around) =>
  Object.assign(around, surroundingsOf(made({ peeringConnectionId: null, transitGatewayId: GATEWAY }))),
);
const back = (...seen: Omit<RouteSeen, 'table'>[]) =>
  both(
    byNetwork,
    edit((around) => {
      around.routesBack = { seen: seen.map((one) => ({ table: 'rtb-0b2222222222222b2', ...one })) };
    }),
  );
const SOURCE = '10.10.0.0/16';
const TO_NETWORK = 'whoever has the network adds the route, or source.network.routeTableIds';
const BACK = 'whoever has the network adds the route, or target.network.routeTableIds';

const allow = (more: object = {}) => ({ Effect: 'Allow', Principal: { AWS: KMS }, Action: 'kms:*', ...more });
const PRINTED = 'terraform -chdir=cdktf.out/stacks/demo-source output -raw owner_hcl';

export const FIRES_ON_PRODUCTION: readonly Fires[] = [
  ['CLONE_NOT_LET_IN', 'block', rules(), 'cdktf deploy demo-source makes the rule again'],
  ['CLONE_NOT_LET_IN', 'block', both(rules(), byOwner), PRINTED],
  ['CLONE_NOT_LET_IN', 'block', rules({ ...GROUP, cidr: '10.20.0.0/17' }), 'deploy demo-source'],
  ['CLONE_NOT_LET_IN', 'block', rules({ ...GROUP, cidr: TARGET, toPort: 5433, fromPort: 5433 }), 'ingress blocks'],
  ['CLONE_NOT_LET_IN', 'block', rules({ ...GROUP, cidr: TARGET, protocol: 'udp' }), 'ingress blocks'],
  ['CLONE_NOT_LET_IN', 'block', rules({ ...GROUP, cidr: TARGET, group: 'sg-other' }), 'ingress blocks'],
  ['CLONE_NOT_LET_IN', 'warn', rules({ ...GROUP, cidr: null }), 'ingress blocks'],
  [
    'CLONE_NOT_LET_IN',
    'warn',
    ({ surroundings }) => surroundings.production.securityGroupIds.push('sg-0a1111111111111c2'),
    'deploy demo-source makes the rule',
  ],
  ['CLONE_NOT_ROUTED', 'block', routes(), 'cdktf deploy demo-source makes the route again'],
  ['CLONE_NOT_ROUTED', 'block', both(routes(), byOwner), PRINTED],
  ['CLONE_NOT_ROUTED', 'block', routes({ ...TABLE, destination: '0.0.0.0/0', to: 'nat-1' }), 'route blocks'],
  ['CLONE_NOT_ROUTED', 'block', routes({ ...TABLE, destination: '10.20.0.0/17', to: PEERING }), 'route blocks'],
  [
    'CLONE_NOT_ROUTED',
    'block',
    routes({ ...TABLE, destination: TARGET, to: 'pcx-former', state: 'blackhole' }),
    'route blocks',
  ],
  ['CLONE_NOT_ROUTED', 'warn', routes({ ...TABLE, destination: TARGET, to: 'tgw-1' }), 'route blocks'],
  [
    'CLONE_NOT_ROUTED',
    'warn',
    routes({ ...TABLE, destination: TARGET, to: PEERING, state: 'blackhole' }),
    'route blocks',
  ],
  [
    'CLONE_NOT_ROUTED',
    'warn',
    routes({ ...TABLE, destination: TARGET, to: PEERING }, { ...TABLE, destination: '10.20.1.0/24', to: 'tgw-1' }),
    'route blocks',
  ],
  ['CLONE_NOT_LET_IN', 'block', both(severalBlocks, rules({ ...GROUP, cidr: TARGET })), 'deploy demo-source'],
  [
    'CLONE_NOT_ROUTED',
    'block',
    both(severalBlocks, routes({ ...TABLE, destination: TARGET, to: PEERING })),
    'deploy demo-source makes the route again, and the peering, where that is its own and gone: cdktf deploy demo-target then accepts it',
  ],
  ['CLONE_NOT_ROUTED', 'block', both(throughGateway, routes()), 'deploy demo-source makes the route again; where'],
  [
    'CLONE_NOT_ROUTED',
    'block',
    both(both(unconnected, throughGateway), routes({ ...TABLE, destination: TARGET, to: GATEWAY, state: 'blackhole' })),
    'deploy demo-source',
  ],
  [
    'CLONE_NOT_ROUTED',
    'warn',
    both(throughGateway, routes({ ...TABLE, destination: TARGET, to: GATEWAY, state: 'blackhole' })),
    'deploy demo-source',
  ],
  ['CLONE_NOT_ROUTED', 'warn', both(throughGateway, routes({ ...TABLE, destination: TARGET, to: PEERING })), 'route'],
  ['CLONE_NOT_ROUTED', 'block', both(byNetwork, routes()), TO_NETWORK],
  ['CLONE_NOT_ROUTED', 'block', both(byNetwork, routes({ ...TABLE, destination: TARGET, to: 'nat-1' })), TO_NETWORK],
  [
    'CLONE_NOT_ROUTED',
    'block',
    both(byNetwork, routes({ ...TABLE, destination: '0.0.0.0/0', to: 'igw-1' })),
    TO_NETWORK,
  ],
  [
    'CLONE_NOT_ROUTED',
    'block',
    both(byNetwork, routes({ ...TABLE, destination: TARGET, to: PEERING, state: 'blackhole' })),
    TO_NETWORK,
  ],
  [
    'CLONE_NOT_ROUTED',
    'warn',
    both(
      byNetwork,
      routes(
        { ...TABLE, destination: TARGET, to: GATEWAY },
        { ...TABLE, destination: '10.20.1.0/24', to: 'tgw-2', state: 'blackhole' },
      ),
    ),
    TO_NETWORK,
  ],
  ['PRODUCTION_NOT_ROUTED', 'block', back(), BACK],
  ['PRODUCTION_NOT_ROUTED', 'block', back({ destination: '10.10.0.0/17', to: GATEWAY, state: 'active' }), BACK],
  ['PRODUCTION_NOT_ROUTED', 'block', back({ destination: SOURCE, to: GATEWAY, state: 'blackhole' }), BACK],
  [
    'PRODUCTION_NOT_ROUTED',
    'warn',
    back(
      { destination: SOURCE, to: GATEWAY, state: 'active' },
      { destination: '10.10.7.0/24', to: 'nat-1', state: 'active' },
    ),
    BACK,
  ],
  [
    'PRODUCTION_NOT_LOOKED_AT',
    'warn',
    both(
      byNetwork,
      edit((around) => (around.routesBack = { refused: 'no' })),
    ),
    'iam',
  ],
  ['KEY_POLICY_LACKS', 'warn', key(), PRINTED],
  ['KEY_POLICY_LACKS', 'block', both(unconnected, key()), PRINTED],
  ['KEY_POLICY_LACKS', 'warn', key(allow({ Action: ['kms:Describe*', 'kms:CreateGrant'] })), PRINTED],
  ['KEY_POLICY_LACKS', 'warn', key(allow({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } })), PRINTED],
  ['KEY_POLICY_LACKS', 'warn', key(allow({ Effect: 'Deny' })), PRINTED],
  [
    'KEY_POLICY_LACKS',
    'warn',
    key(allow({ Condition: { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } } })),
    PRINTED,
  ],
  ['KEY_POLICY_LACKS', 'warn', edit((around) => (around.keyPolicy = { seen: 'not JSON' })), PRINTED],
  ['KEY_POLICY_LACKS', 'info', key(allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })), 'compare'],
  ['KEY_POLICY_LACKS', 'info', key(allow(), allow({ Effect: 'Deny', Action: 'kms:Decrypt' })), 'compare'],
  ['KEY_POLICY_LACKS', 'info', key(allow({ Principal: { AWS: 'arn:aws:iam::222222222222:role/x' } })), 'compare'],
  ['PRODUCTION_NOT_LOOKED_AT', 'info', edit((around) => (around.rules = { refused: 'denied' })), 'docs/iam.md'],
  ['PRODUCTION_NOT_LOOKED_AT', 'info', edit((around) => (around.keyPolicy = { refused: 'denied' })), 'docs/iam.md'],
  [
    'PRODUCTION_NOT_LOOKED_AT',
    'warn',
    both(
      edit((around) => (around.routes = { refused: 'denied' })),
      byOwner,
    ),
    'docs/iam.md',
  ],
];

export const SILENT_ON_PRODUCTION: readonly (readonly [string, Edit])[] = [
  [
    'a rule that lets in two halves, among other addresses',
    rules({ ...GROUP, cidr: '10.20.128.0/17' }, { ...GROUP, cidr: '10.20.0.0/17' }, { ...GROUP, cidr: '10.99.0.0/16' }),
  ],
  [
    'a rule for all ports of wider addresses',
    rules({ ...GROUP, protocol: '-1', fromPort: -1, toPort: -1, cidr: '10.0.0.0/8' }),
  ],
  ['a rule for more ports', rules({ ...GROUP, fromPort: 5000, toPort: 6000, cidr: TARGET })],
  ['a wider route over the peering', routes({ ...TABLE, destination: '10.0.0.0/8', to: PEERING })],
  [
    'a wider route elsewhere beside that over the peering',
    routes({ ...TABLE, destination: '10.0.0.0/8', to: 'tgw-1' }, { ...TABLE, destination: TARGET, to: PEERING }),
  ],
  [
    'a peering that is not accepted yet, as the target is not deployed',
    both(unconnected, routes({ ...TABLE, destination: TARGET, to: PEERING, state: 'blackhole' })),
  ],
  ['a gateway, and the routes to it', throughGateway],
  ['a way of which nobody says what it is', byNetwork],
  [
    'a default route to a gateway, where nobody says what the way is',
    both(byNetwork, routes({ ...TABLE, destination: '0.0.0.0/0', to: GATEWAY })),
  ],
  ['a wider way back', back({ destination: '10.0.0.0/8', to: 'pcx-0a1111111111111d7', state: 'active' })],
  ['several blocks that are all let in and routed', severalBlocks],
  [
    'the statements that are printed',
    key(
      allow({ Action: ['kms:DescribeKey'] }),
      allow({
        Action: ['kms:CreateGrant', 'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
        Condition: { StringLike: { 'kms:ViaService': 'rds.eu-west-1.amazonaws.com*' } },
      }),
      allow({
        Action: ['kms:ListGrants', 'kms:RevokeGrant'],
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    ),
  ],
  [
    'a key that lets in whoever calls from the account',
    key(allow({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': '222222222222' } } })),
  ],
  ['everything but administration', key(allow({ Action: undefined, NotAction: ['kms:Put*'] }))],
  [
    'production that is not encrypted',
    edit((around) => {
      around.production.sourceKeyArn = null;
      around.keyPolicy = null;
    }),
  ],
];
