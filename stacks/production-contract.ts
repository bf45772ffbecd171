import type { Production } from '../contract/production';
import type { Environment } from '../environments/schema';

/** What sql-runner looks for around the production cluster, and who makes it. */
export function productionContract({ source, target, kms }: Environment, peeringConnectionId: string): Production {
  const { parameterGroup, securityGroupRules, routes } = source.manage;
  return {
    manage: { parameterGroup, securityGroupRules, routes, keyPolicy: 'owner' },
    targetCidr: target.network.vpcCidr,
    securityGroupIds: source.network.securityGroupIds,
    routeTableIds: source.network.routeTableIds,
    peeringConnectionId,
    sourceKeyArn: kms.sourceKeyArn ?? null,
  };
}
