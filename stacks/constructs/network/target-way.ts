import type { Precondition } from 'cdktf';
import type { Construct } from 'constructs';
import { wayOf } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import { gatewayAttachment } from './gateway-attachment';
import { knownPeering } from './known-peering';
import { peeringAccepter, stillOffered } from './peering-accepter';
import type { NextHop } from './way-routes';

/** The way as the target stack has it. */
export interface TargetWay {
  /** Null: the stack makes no routes. */
  readonly hop: NextHop | null;
  /** Of a peering that is asked for: that it has not ended. */
  readonly offered?: Precondition;
}

/**
 * The way back.
 *
 * @param askedFor id of the peering that the source stack asks for, where it does
 */
export function targetWay(scope: Construct, environment: Environment, askedFor: () => string): TargetWay {
  const way = wayOf(environment);
  switch (way.kind) {
    case 'new-peering': {
      const peeringConnectionId = askedFor();
      const offered = stillOffered(scope, environment, peeringConnectionId);
      const { id } = peeringAccepter(scope, environment, { peeringConnectionId, offered });
      return { hop: { vpcPeeringConnectionId: id }, offered };
    }
    case 'peering':
      knownPeering(scope, environment, way.id);
      return { hop: { vpcPeeringConnectionId: way.id } };
    case 'transit-gateway':
      gatewayAttachment(scope, environment, 'target', way.id);
      return { hop: { transitGatewayId: way.id } };
    case 'existing':
      return { hop: null };
  }
}
