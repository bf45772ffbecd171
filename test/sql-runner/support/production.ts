import { hopOf, targetCidrs, type Production } from '../../../contract/production';
import type { Surroundings } from '../../../sql-runner/model/surroundings';

const AROUND = {
  targetCidr: '10.20.0.0/16',
  securityGroupIds: ['sg-0a1111111111111c1'],
  routeTableIds: ['rtb-0a1111111111111b1'],
  peeringConnectionId: 'pcx-0a1111111111111d1',
  sourceKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/1',
};

/** Production of which the source stack makes all that it can. */
export function made(overrides: Partial<Production> = {}): Production {
  const manage = { parameterGroup: 'stack', securityGroupRules: 'stack', routes: 'stack', keyPolicy: 'owner' } as const;
  return { manage, ...AROUND, ...overrides };
}

/** Production of which everything belongs to somebody else. */
export function owned(overrides: Partial<Production> = {}): Production {
  const manage = { parameterGroup: 'owner', securityGroupRules: 'owner', routes: 'owner', keyPolicy: 'owner' } as const;
  return { manage, ...AROUND, ...overrides };
}

/** A statement that lets the target account do everything with the key. */
export const ALLOWS_ALL = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'kms:*' };

/** Everything that a clone needs around production is there. */
export function around(production: Production): Surroundings {
  const { securityGroupIds, routeTableIds, sourceKeyArn, wayBack } = production;
  const to = hopOf(production) ?? 'tgw-0a1111111111111e1';
  const port = { protocol: 'tcp', fromPort: 5432, toPort: 5432 };
  return {
    production,
    rules: {
      seen: securityGroupIds.flatMap((group) => targetCidrs(production).map((cidr) => ({ group, ...port, cidr }))),
    },
    routes: {
      seen: routeTableIds.flatMap((table) => [
        { table, destination: '10.10.0.0/16', to: 'local', state: 'active' },
        { table, destination: '0.0.0.0/0', to: 'nat-1', state: 'active' },
        ...targetCidrs(production).map((destination) => ({ table, destination, to, state: 'active' })),
      ]),
    },
    routesBack:
      wayBack === undefined
        ? null
        : {
            seen: wayBack.routeTableIds.flatMap((table) =>
              wayBack.cidrs.map((destination) => ({ table, destination, to, state: 'active' })),
            ),
          },
    keyPolicy: sourceKeyArn === null ? null : { seen: policyOf(ALLOWS_ALL) },
  };
}

export const policyOf = (...statements: readonly object[]): string => JSON.stringify({ Statement: statements });
