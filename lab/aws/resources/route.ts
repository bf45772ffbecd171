import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import type { Route } from '../world';
import { text, type Attributes, type ResourceHandler } from './handler';
import { routeTable } from './vpc';

/** A route over a peering that is not active yet, or no longer there, swallows packets; creating it is allowed. */
export function routeAttributes({ world }: Scope, routeTableId: string, { cidr, peeringId }: Route): Attributes {
  const hash = createHash('sha1').update(cidr).digest().readUInt32BE(0);
  return {
    id: `r-${routeTableId}${hash}`,
    route_table_id: routeTableId,
    destination_cidr_block: cidr,
    vpc_peering_connection_id: peeringId,
    origin: 'CreateRoute',
    state: world.peerings[peeringId]?.status === 'active' ? 'active' : 'blackhole',
  };
}

/** A peering can be the next hop only for route tables of one of its two VPCs. */
function checkPeering({ world, account }: Scope, peeringId: string, vpcId: string): void {
  const peering = world.peerings[peeringId];
  const sides = peering === undefined ? [] : [peering.requester, peering.accepter];
  if (!sides.some((side) => side.accountId === account.id && side.vpcId === vpcId)) {
    throw new AwsError(
      'InvalidVpcPeeringConnectionID.NotFound',
      `The vpcPeeringConnection ID '${peeringId}' does not exist`,
    );
  }
}

function put(scope: Scope, config: Attributes, isNew: boolean): Attributes {
  const table = routeTable(scope.account, text(config, 'route_table_id'));
  const route = { cidr: text(config, 'destination_cidr_block'), peeringId: text(config, 'vpc_peering_connection_id') };
  checkPeering(scope, route.peeringId, table.vpcId);
  if (isNew && table.routes.some(({ cidr }) => cidr === route.cidr)) {
    throw new AwsError('RouteAlreadyExists', `The route identified by ${route.cidr} already exists.`);
  }
  table.routes = [...table.routes.filter(({ cidr }) => cidr !== route.cidr), route];
  return routeAttributes(scope, table.id, route);
}

export const route: ResourceHandler = {
  create: (scope, config) => put(scope, config, true),
  read(scope, prior) {
    const table = scope.account.routeTables[text(prior, 'route_table_id')];
    const found = table?.routes.find(({ cidr }) => cidr === prior.destination_cidr_block);
    return table === undefined || found === undefined ? null : routeAttributes(scope, table.id, found);
  },
  update: (scope, config) => put(scope, config, false),
  delete({ account }, prior) {
    const table = routeTable(account, text(prior, 'route_table_id'));
    table.routes = table.routes.filter(({ cidr }) => cidr !== prior.destination_cidr_block);
  },
};
