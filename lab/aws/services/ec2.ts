import type { Scope } from '../operation';
import { filtersOf } from '../protocols/form-values';
import { XmlList, type XmlValue } from '../protocols/xml';
import { routeAttributes } from '../resources/route';
import type { Vpc } from '../world';

export const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
export const EC2_VERSION = '2016-11-15';

type Operation = (scope: Scope, form: URLSearchParams) => XmlValue;

/** The calls by which one looks at a network; Terraform makes it. */
export const ec2Operations: Readonly<Record<string, Operation>> = {
  DescribeSecurityGroupRules: describeRules,
  DescribeRouteTables: describeRouteTables,
};

const item = (items: readonly XmlValue[]): XmlList => new XmlList('item', items);
const text = (value: unknown): XmlValue => (value === undefined || value === null ? undefined : String(value));

/** A group that is not there has no rules: it is a filter. */
function describeRules({ account }: Scope, form: URLSearchParams): XmlValue {
  const wanted = filtersOf(form, 'group-id');
  const groups = Object.values(account.securityGroups).filter(({ id }) => wanted.includes(id));
  const rules = groups.flatMap(({ id, rules: own }) => Object.values(own).map((rule) => ({ ...rule, groupId: id })));
  return {
    securityGroupRuleSet: item(
      rules.map(({ id, groupId, direction, settings }) => ({
        securityGroupRuleId: id,
        groupId,
        groupOwnerId: account.id,
        isEgress: direction === 'egress',
        ipProtocol: text(settings.ip_protocol),
        fromPort: text(settings.from_port ?? -1),
        toPort: text(settings.to_port ?? -1),
        cidrIpv4: text(settings.cidr_ipv4),
        cidrIpv6: text(settings.cidr_ipv6),
        prefixListId: text(settings.prefix_list_id),
        description: text(settings.description),
      })),
    ),
  };
}

function describeRouteTables(scope: Scope, form: URLSearchParams): XmlValue {
  const { account } = scope;
  const wanted = filtersOf(form, 'route-table-id');
  const tables = Object.values(account.routeTables).filter(({ id }) => wanted.includes(id));
  return {
    routeTableSet: item(
      tables.map((table) => ({
        routeTableId: table.id,
        vpcId: table.vpcId,
        ownerId: account.id,
        routeSet: item([
          ...localBlocks(account.vpcs[table.vpcId]).map((block) => local(block)),
          ...table.routes.map((route) => {
            const { destination_cidr_block: cidr, state } = routeAttributes(scope, table.id, route);
            return {
              destinationCidrBlock: text(cidr),
              vpcPeeringConnectionId: route.peeringId,
              transitGatewayId: route.transitGatewayId,
              origin: 'CreateRoute',
              state: text(state),
            };
          }),
        ]),
      })),
    ),
  };
}

const localBlocks = (vpc: Vpc | undefined): string[] =>
  vpc === undefined ? [] : [vpc.cidr, ...(vpc.secondaryCidrs ?? [])];

/** Every table has it of each block, and nobody can take it away. */
const local = (cidr: string): XmlValue => ({
  destinationCidrBlock: cidr,
  gatewayId: 'local',
  origin: 'CreateRouteTable',
  state: 'active',
});
