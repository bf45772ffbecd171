import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import type { Route } from '../world';
import { optionalText, text, type Attributes, type ResourceHandler } from './handler';
import { attachmentsOf } from './transit-gateway';
import { ownVpc, routeTable } from './vpc';

/** A route over what is not active yet, or no longer there, swallows packets; creating it over a peering is allowed. */
export function routeAttributes(scope: Scope, routeTableId: string, route: Route): Attributes {
  const hash = createHash('sha1').update(route.cidr).digest().readUInt32BE(0);
  return {
    id: `r-${routeTableId}${hash}`,
    route_table_id: routeTableId,
    destination_cidr_block: route.cidr,
    ...(route.transitGatewayId === undefined
      ? { vpc_peering_connection_id: route.peeringId }
      : { transit_gateway_id: route.transitGatewayId }),
    origin: 'CreateRoute',
    state: leadsOn(scope, routeTableId, route) ? 'active' : 'blackhole',
  };
}

function leadsOn(scope: Scope, routeTableId: string, { peeringId, transitGatewayId }: Route): boolean {
  if (peeringId !== undefined) return scope.world.peerings[peeringId]?.status === 'active';
  const { vpcId } = routeTable(scope.account, routeTableId);
  return attachmentsOf(scope.world, transitGatewayId ?? '', vpcId).length > 0;
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

/** That is what EC2 says of a gateway that the VPC is not attached to. */
function checkGateway({ world }: Scope, id: string, vpcId: string): void {
  if (attachmentsOf(world, id, vpcId).length > 0) return;
  throw new AwsError('InvalidTransitGatewayID.NotFound', `The transitGateway ID '${id}' does not exist`);
}

function wanted(scope: Scope, config: Attributes, vpcId: string): Route {
  const cidr = text(config, 'destination_cidr_block');
  const transitGatewayId = optionalText(config, 'transit_gateway_id');
  if (transitGatewayId !== undefined) {
    checkGateway(scope, transitGatewayId, vpcId);
    return { cidr, transitGatewayId };
  }
  const peeringId = text(config, 'vpc_peering_connection_id');
  checkPeering(scope, peeringId, vpcId);
  return { cidr, peeringId };
}

function put(scope: Scope, config: Attributes, isNew: boolean): Attributes {
  const table = routeTable(scope.account, text(config, 'route_table_id'));
  ownVpc(scope.account, table.vpcId, isNew ? 'ec2:CreateRoute' : 'ec2:ReplaceRoute');
  const route = wanted(scope, config, table.vpcId);
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
    ownVpc(account, table.vpcId, 'ec2:DeleteRoute');
    table.routes = table.routes.filter(({ cidr }) => cidr !== prior.destination_cidr_block);
  },
};
