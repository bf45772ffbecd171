import { Route } from '@cdktf/provider-aws/lib/route';
import { Construct } from 'constructs';
import { namedBy } from './named-by';

/** What a route leads to, under the name that aws_route has for it. */
export type NextHop = { readonly vpcPeeringConnectionId: string } | { readonly transitGatewayId: string };

export interface WayRoutesProps {
  readonly routeTableIds: readonly string[];
  /** CIDR blocks of the other VPC, its first one first. */
  readonly destinations: readonly string[];
  readonly hop: NextHop;
}

/**
 * A route to each block of the other VPC in each route table, named after the table so that
 * adding one leaves the others alone. While a peering is not accepted AWS
 * takes the route and drops its packets, so the source stack need not wait.
 */
export class WayRoutes extends Construct {
  constructor(scope: Construct, id: string, { routeTableIds, destinations, hop }: WayRoutesProps) {
    super(scope, id);
    for (const routeTableId of routeTableIds)
      for (const destinationCidrBlock of destinations)
        new Route(this, namedBy(routeTableId, destinationCidrBlock, destinations[0]), {
          routeTableId,
          destinationCidrBlock,
          ...hop,
        });
  }
}
