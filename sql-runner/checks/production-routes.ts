import { contains } from '../../contract/cidr-cover';
import { parseCidr, rangesOverlap, type AddressRange } from '../../contract/cidr';
import type { Production } from '../../contract/production';
import type { RouteSeen } from '../model/surroundings';

/** A route table by which answers of production do not all reach the clone. */
export interface Strayed {
  readonly severity: 'block' | 'warn';
  readonly words: string;
}

type Ranged = RouteSeen & { readonly range: AddressRange };

/** Of routes that have an address, AWS takes the narrowest (VPC user guide, "Route priority"). */
export function strayedTables(production: Production, routes: readonly RouteSeen[], connected: boolean): Strayed[] {
  const target = parseCidr(production.targetCidr);
  if (target === undefined) return [];
  return production.routeTableIds.flatMap((id) => {
    const own = routes
      .filter(({ table }) => table === id)
      .flatMap((route) => ranged(route))
      .filter(({ range }) => rangesOverlap(range, target));
    return strayed(id, production, target, own, connected);
  });
}

function ranged(route: RouteSeen): Ranged[] {
  const range = parseCidr(route.destination);
  return range === undefined ? [] : [{ ...route, range }];
}

function strayed(
  id: string,
  { peeringConnectionId: peering, targetCidr }: Production,
  target: AddressRange,
  routes: readonly Ranged[],
  connected: boolean,
): Strayed[] {
  // The default route is what traffic takes for which there is no way.
  const ways = routes.filter(({ range }) => range.prefix > 0);
  const [best] = ways
    .filter(({ range }) => contains(range, target))
    .sort((one, other) => other.range.prefix - one.range.prefix);
  const away = ways.filter(({ range, to }) => !contains(range, target) && to !== peering);
  if (best === undefined) return [{ severity: 'block', words: `route table ${id} has no route to ${targetCidr}` }];
  if (best.to !== peering) {
    const words = `route table ${id} sends ${best.destination} to ${best.to}${best.state === 'active' ? '' : `, which is ${best.state}`}, and not to ${peering}`;
    return [{ severity: best.state === 'active' ? 'warn' : 'block', words }];
  }
  // Until the target stack accepts the peering it is one (EC2, states of a route).
  if (best.state !== 'active' && connected)
    return [
      { severity: 'warn', words: `route table ${id} sends ${best.destination} to ${peering}, which is not active` },
    ];
  return away.map(({ destination, to }) => ({
    severity: 'warn' as const,
    words: `route table ${id} sends ${destination}, a part of ${targetCidr}, to ${to}`,
  }));
}
