import type { Production } from '../../../contract/production';

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
