import type { Side } from '../../../contract/contract';
import { cloneCidrs, makersOf, vpcCidrs, wayOf } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import { namedBy } from './named-by';
import { NEW_PEERING } from './peering-requester';
import { REMOTE_DNS } from './remote-dns';

/**
 * Addresses of what the stack made of another way, or before it was the owner's, and does not make now. A stream may go
 * over it: so the state forgets it, and nothing is destroyed. Whoever has the network now leads the stream elsewhere, and
 * then removes it (docs/networks.md, "Changing the way"). Routes of a stack that go on are led elsewhere in place, and
 * the peering stays until those of both sides are.
 */
export function handedOver(environment: Environment, side: Side): string[] {
  return side === 'source' ? bySource(environment) : byTarget(environment);
}

/**
 * The note that ties the invitation to a peering of the stack (cluster-share.ts) is nothing in AWS. Forgotten, so that a
 * plan which destroys nothing says so.
 */
const SENT_WITH_PEERING = 'terraform_data.cluster_asked';

function bySource(environment: Environment): string[] {
  const { source, target } = environment;
  const { kind } = wayOf(environment);
  const { routes, securityGroupRules } = makersOf(environment);
  // As wide as it may have been: a file that changes both has those of before.
  const letIn = new Set([...vpcCidrs(target.network), ...cloneCidrs(environment)]);
  return [
    ...(kind === 'new-peering' ? [] : [NEW_PEERING, SENT_WITH_PEERING]),
    ...(kind === 'new-peering' && environment.network.remoteDns !== undefined ? [] : [REMOTE_DNS]),
    ...(routes === 'stack' && kind !== 'existing'
      ? []
      : routesNamed('to-target', source.network.routeTableIds, vpcCidrs(target.network))),
    ...(securityGroupRules === 'stack'
      ? []
      : source.network.securityGroupIds.flatMap((id) =>
          [...letIn].map((cidr) =>
            address(
              'aws_vpc_security_group_ingress_rule',
              'from-target',
              namedBy(id, cidr, vpcCidrs(target.network)[0]),
            ),
          ),
        )),
  ];
}

function byTarget(environment: Environment): string[] {
  const { source, target } = environment;
  const { kind } = wayOf(environment);
  return [
    ...(kind === 'new-peering' ? [] : ['aws_vpc_peering_connection_accepter.peering']),
    ...(kind === 'existing' ? routesNamed('to-source', target.network.routeTableIds, vpcCidrs(source.network)) : []),
  ];
}

/** As WayRoutes calls them. */
const routesNamed = (id: string, tables: readonly string[], destinations: readonly string[]): string[] =>
  tables.flatMap((table) =>
    destinations.map((cidr) => address('aws_route', id, namedBy(table, cidr, destinations[0]))),
  );

/** As account-stack.ts makes it of the construct's path. */
const address = (type: string, ...path: readonly string[]): string =>
  `${type}.${path.map((id) => id.replaceAll('-', '_')).join('_')}`;
