import { contains } from '../../contract/cidr-cover';
import { parseCidr, rangesOverlap, type AddressRange } from '../../contract/cidr';
import type { RouteSeen } from '../model/surroundings';

/** Route tables of one side, and where they have to lead. */
export interface Ways {
  readonly tables: readonly string[];
  /** Blocks of the other side. */
  readonly cidrs: readonly string[];
  /** Null: whatever its network has. */
  readonly hop: string | null;
  readonly connected: boolean;
}

/** A route table by which packets do not all reach the other side. */
export interface Strayed {
  readonly severity: 'block' | 'warn';
  readonly words: string;
}

type Ranged = RouteSeen & { readonly range: AddressRange };

/** Of routes that have an address, AWS takes the narrowest (VPC user guide, "Route priority"). */
export function strayedTables(ways: Ways, routes: readonly RouteSeen[]): Strayed[] {
  return ways.tables.flatMap((id) => {
    const own = routes.filter(({ table }) => table === id).flatMap((route) => ranged(route));
    return ways.cidrs.flatMap((cidr) => {
      const block = parseCidr(cidr);
      if (block === undefined) return [];
      return strayed(
        { id, cidr, block },
        ways,
        own.filter(({ range }) => rangesOverlap(range, block)),
      );
    });
  });
}

function ranged(route: RouteSeen): Ranged[] {
  const range = parseCidr(route.destination);
  return range === undefined ? [] : [{ ...route, range }];
}

interface Wanted {
  readonly id: string;
  readonly cidr: string;
  readonly block: AddressRange;
}

function strayed({ id, cidr, block }: Wanted, ways: Ways, routes: readonly Ranged[]): Strayed[] {
  const { hop, connected } = ways;
  const leads = routes.filter((route) => isWay(route, hop));
  const [best] = leads
    .filter(({ range }) => contains(range, block))
    .sort((one, other) => other.range.prefix - one.range.prefix);
  if (best === undefined) return [{ severity: 'block', words: `route table ${id} has no route to ${cidr}` }];
  const away = leads.filter((route) => !contains(route.range, block) && strays(route, hop));
  if (hop !== null && best.to !== hop) {
    const words = `route table ${id} sends ${best.destination} to ${best.to}${best.state === 'active' ? '' : `, which is ${best.state}`}, and not to ${hop}`;
    return [{ severity: best.state === 'active' ? 'warn' : 'block', words }];
  }
  if (hop === null && strays(best, hop)) {
    const words = `route table ${id} sends ${best.destination} to ${best.to}, which ${best.state === 'active' ? 'leads to no other VPC' : `is ${best.state}`}`;
    return [{ severity: 'block', words }];
  }
  // Until the target stack accepts the peering it is one (EC2, states of a route); of a gateway nobody has to.
  if (best.state !== 'active' && (connected || !best.to.startsWith('pcx-')))
    return [
      {
        severity: connected ? 'warn' : 'block',
        words: `route table ${id} sends ${best.destination} to ${best.to}, which is not active`,
      },
    ];
  return away.map(({ destination, to }) => ({
    severity: 'warn' as const,
    words: `route table ${id} sends ${destination}, a part of ${cidr}, to ${to}`,
  }));
}

/**
 * The default route is what traffic takes for which there is no way; but where nobody says what the way is, it may lead
 * to a gateway that knows it.
 */
const isWay = (route: Ranged, hop: string | null): boolean =>
  route.range.prefix > 0 || (hop === null && !strays(route, hop));

/** Into the internet private addresses do not go, and within the VPC they are others. */
const NO_WAY = /^(local$|igw-|eigw-|nat-)/;

const strays = ({ to, state }: RouteSeen, hop: string | null): boolean =>
  hop === null ? NO_WAY.test(to) || state !== 'active' : to !== hop;
