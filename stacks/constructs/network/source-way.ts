import type { Construct } from 'constructs';
import { wayOf } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import { activePeering } from './active-peering';
import { gatewayAttachment } from './gateway-attachment';
import { knownPeering } from './known-peering';
import { peeringRequester } from './peering-requester';
import { remoteDns } from './remote-dns';
import type { NextHop } from './way-routes';

/** The way as the source stack has it. */
export interface SourceWay {
  /** Null: the stack does not know what leads there. */
  readonly hop: NextHop | null;
  /** Of a peering that the target stack has to accept. */
  readonly newPeeringId?: string;
}

export function sourceWay(scope: Construct, environment: Environment): SourceWay {
  const way = wayOf(environment);
  switch (way.kind) {
    case 'new-peering': {
      const active = activePeering(scope, environment);
      const { id } = peeringRequester(scope, environment, active);
      const allowed = environment.network.remoteDns;
      if (allowed !== undefined) remoteDns(scope, allowed, active);
      return { hop: { vpcPeeringConnectionId: id }, newPeeringId: id };
    }
    case 'peering':
      knownPeering(scope, environment, way.id);
      return { hop: { vpcPeeringConnectionId: way.id } };
    case 'transit-gateway':
      gatewayAttachment(scope, environment, 'source', way.id);
      return { hop: { transitGatewayId: way.id } };
    case 'existing':
      return { hop: null };
  }
}
