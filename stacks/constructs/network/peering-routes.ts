import { Route } from '@cdktf/provider-aws/lib/route';
import { Construct } from 'constructs';

export interface PeeringRoutesProps {
  readonly routeTableIds: readonly string[];
  /** CIDR block of the other VPC. */
  readonly destination: string;
  readonly peeringConnectionId: string;
}

/**
 * A route to the other VPC in each route table, named after the table so that
 * adding one leaves the others alone. While the peering is not accepted AWS
 * takes the route and drops its packets, so the source stack need not wait.
 */
export class PeeringRoutes extends Construct {
  constructor(scope: Construct, id: string, props: PeeringRoutesProps) {
    super(scope, id);
    for (const routeTableId of props.routeTableIds) {
      new Route(this, routeTableId, {
        routeTableId,
        destinationCidrBlock: props.destination,
        vpcPeeringConnectionId: props.peeringConnectionId,
      });
    }
  }
}
