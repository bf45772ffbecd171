import type { Construct } from 'constructs';
import { wayOf } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import { gatewayAttachment } from './gateway-attachment';
import { knownPeering } from './known-peering';
import { peeringAccepter } from './peering-accepter';
import type { NextHop } from './way-routes';

/**
 * The way back. Null: the stack makes no routes.
 *
 * @param askedFor id of the peering that the source stack asks for, where it does
 */
export function targetWay(scope: Construct, environment: Environment, askedFor: () => string): NextHop | null {
  const way = wayOf(environment);
  switch (way.kind) {
    case 'new-peering':
      return { vpcPeeringConnectionId: peeringAccepter(scope, environment, askedFor()).id };
    case 'peering':
      knownPeering(scope, environment, way.id);
      return { vpcPeeringConnectionId: way.id };
    case 'transit-gateway':
      gatewayAttachment(scope, environment, 'target', way.id);
      return { transitGatewayId: way.id };
    case 'existing':
      return null;
  }
}
