import type { Production } from '../contract/production';
import { cloneCidrs, makersOf, vpcCidrs, wayOf } from '../environments/network';
import type { Environment } from '../environments/schema';
import type { NextHop } from './constructs/network/way-routes';

/** What sql-runner looks for around the production cluster, and who makes it. */
export function productionContract(environment: Environment, hop: NextHop | null): Production {
  const { source, target, kms } = environment;
  const [first, ...more] = cloneCidrs(environment);
  return {
    manage: { parameterGroup: source.manage.parameterGroup, ...makersOf(environment), keyPolicy: 'owner' },
    targetCidr: more.length === 0 ? first! : [first!, ...more],
    securityGroupIds: source.network.securityGroupIds,
    routeTableIds: source.network.routeTableIds,
    peeringConnectionId: hop !== null && 'vpcPeeringConnectionId' in hop ? hop.vpcPeeringConnectionId : null,
    ...(hop !== null && 'transitGatewayId' in hop ? { transitGatewayId: hop.transitGatewayId } : {}),
    sourceKeyArn: kms.sourceKeyArn ?? null,
    // Of other ways the target stack makes it, and Terraform tells when it is gone.
    ...(wayOf(environment).kind === 'existing'
      ? { wayBack: { routeTableIds: target.network.routeTableIds, cidrs: vpcCidrs(source.network) } }
      : {}),
  };
}
