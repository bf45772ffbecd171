import type { Route, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { callAws } from './aws-errors';
import type { AccountClients } from './clients';

/** A network that has no way to these services swallows the call. */
const PATIENCE_MS = 5_000;

/** One rule of a security group that lets something in. */
export interface IngressRule {
  readonly group: string;
  /** `tcp`, `-1` for all. */
  readonly protocol: string;
  /** -1 for all. */
  readonly fromPort: number;
  readonly toPort: number;
  /** Null: another group, a prefix list or addresses of IPv6, whose extent the rule does not tell. */
  readonly cidr: string | null;
}

/** One route of a table to addresses of IPv4. */
export interface RouteSeen {
  readonly table: string;
  readonly destination: string;
  /** Id of what it leads to. */
  readonly to: string;
  /** `blackhole`: what it leads to is not there, or not accepted yet. */
  readonly state: string;
}

/** All that these groups let in. A group that does not exist has no rules. */
export async function ingressRules(clients: AccountClients, ...groups: readonly string[]): Promise<IngressRule[]> {
  return callAws('ec2:DescribeSecurityGroupRules', clients.accountId, async () => {
    const found: SecurityGroupRule[] = [];
    const input = { Filters: [{ Name: 'group-id', Values: [...groups] }] };
    const { paginateDescribeSecurityGroupRules } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeSecurityGroupRules({ client: await clients.network() }, input, patience());
    for await (const { SecurityGroupRules: rules = [] } of pages) found.push(...rules);
    return found.filter(({ IsEgress: egress }) => egress !== true).map(ingressRule);
  });
}

function ingressRule({ GroupId, IpProtocol, FromPort, ToPort, CidrIpv4 }: SecurityGroupRule): IngressRule {
  const ports = { fromPort: FromPort ?? -1, toPort: ToPort ?? -1 };
  return { group: GroupId ?? '', protocol: IpProtocol ?? '-1', ...ports, cidr: CidrIpv4 ?? null };
}

/** Of a table that does not exist there are none. */
export async function routesOf(clients: AccountClients, ...tables: readonly string[]): Promise<RouteSeen[]> {
  return callAws('ec2:DescribeRouteTables', clients.accountId, async () => {
    const found: RouteSeen[] = [];
    const input = { Filters: [{ Name: 'route-table-id', Values: [...tables] }] };
    const { paginateDescribeRouteTables } = await import('@aws-sdk/client-ec2');
    const pages = paginateDescribeRouteTables({ client: await clients.network() }, input, patience());
    for await (const { RouteTables = [] } of pages)
      for (const { RouteTableId: table = '', Routes = [] } of RouteTables)
        found.push(...Routes.flatMap((route) => routeSeen(table, route)));
    return found;
  });
}

const patience = () => ({ abortSignal: AbortSignal.timeout(PATIENCE_MS) });

function routeSeen(table: string, route: Route): RouteSeen[] {
  if (route.DestinationCidrBlock === undefined) return [];
  const to =
    route.VpcPeeringConnectionId ??
    route.TransitGatewayId ??
    route.CoreNetworkArn ??
    route.NatGatewayId ??
    route.NetworkInterfaceId ??
    route.GatewayId ??
    'something else';
  return [{ table, destination: route.DestinationCidrBlock, to, state: route.State ?? 'active' }];
}
