import type { Side } from '../../../contract/contract';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import { accountArns } from '../../../iam/policy/account';
import type { Operation } from '../../../iam/policy/terraform/row';
import { blocksOf, grantsOf, placedIn, type StackJson } from '../../../iam/policy/terraform/stack';
import type { Request } from '../../iam/allows';
import type { RecordedOperation } from './recorded-call';

type Attributes = Readonly<Record<string, unknown>>;
type Find = (seen: Attributes) => string;

const group: Find = ({ security_group_id: own, id }) => `ec2 security-group/${String(own ?? id)}`;

/** By action, what it is on, where that is not the resource itself. */
const ON_ANOTHER: Readonly<Record<string, Find>> = {
  'ec2:AuthorizeSecurityGroupEgress': group,
  'ec2:AuthorizeSecurityGroupIngress': group,
  'ec2:RevokeSecurityGroupEgress': group,
  'ec2:RevokeSecurityGroupIngress': group,
  'ram:AcceptResourceShareInvitation': ({ invitation_arn: arn }) => String(arn),
  'ssm:GetParametersByPath': ({ path }) => `ssm parameter${String(path)}`,
};

/** By type, what stands for the resource, where the provider has no ARN of it. */
const STANDS_FOR: Readonly<Record<string, Find>> = {
  aws_cloudwatch_dashboard: ({ dashboard_arn: arn }) => String(arn),
  aws_cloudwatch_event_target: ({ rule }) => `events rule/${String(rule)}`,
  aws_ram_principal_association: ({ resource_share_arn: arn }) => String(arn),
  aws_ram_resource_association: ({ resource_share_arn: arn }) => String(arn),
  aws_ram_resource_share_accepter: ({ share_arn: arn }) => String(arn),
  aws_route: ({ route_table_id: id }) => `ec2 route-table/${String(id)}`,
  aws_vpc_peering_connection: ({ id }) => `ec2 vpc-peering-connection/${String(id)}`,
  aws_vpc_peering_connection_accepter: ({ id }) => `ec2 vpc-peering-connection/${String(id)}`,
};

/**
 * What the provider asks of AWS for an operation that it did: the actions of the table, on the object that it really made,
 * which the policies were written before. Actions on anything, and on what another service has, are left out.
 */
export function requestsOf(
  { operation, type, account, config, prior, attributes }: RecordedOperation,
  environment: Environment,
  side: Side,
  json: StackJson,
): Request[] {
  const seen: Attributes = { ...prior, ...config, ...attributes };
  const tabled = operation === 'data' ? `data.${type}` : type;
  const block = blocksOf(json).find((one) => one.type === tabled)?.block;
  if (block === undefined) throw new Error(`${tabled} is not in the stack of the ${side}`);
  const placed = placedIn(json, accountArns(environment, side), block);
  const kind: Operation = operation === 'data' ? 'read' : operation;
  const context = {
    ...contextOf(seen, environment),
    ...(operation === 'create' ? { 'ec2:CreateAction': 'CreateSecurityGroup' } : {}),
  };
  const full = (text: string) =>
    text.startsWith('arn:') ? text : `arn:aws:${text.replace(' ', `:${environment.region}:${account}:`)}`;
  return grantsOf(tabled, placed, [kind]).flatMap(({ actions, on }) =>
    actions.flatMap((action) => {
      const find = ON_ANOTHER[action] ?? STANDS_FOR[type] ?? (({ arn }: Attributes) => String(arn));
      const resource = full(find(seen));
      const isIts = resource.split(':')[2] === action.split(':')[0];
      return on.includes('*') || !isIts ? [] : [{ action, resource, context }];
    }),
  );
}

/** What IAM would know of the object: its tags, the name of the share, the two ends of the peering. */
function contextOf(seen: Attributes, { name, region, source, target }: Environment): Record<string, string> {
  const vpc = ({ accountId, network }: Environment['source'] | Environment['target']) =>
    `arn:aws:ec2:${region}:${accountId}:vpc/${network.vpcId}`;
  const tags = Object.entries((seen.tags_all ?? {}) as Record<string, string>);
  return {
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'ec2:RequesterVpc': vpc(source),
    'ec2:AccepterVpc': vpc(target),
    'ram:ResourceShareName': objectName(name, 'cluster'),
    'ram:ShareOwnerAccountId': source.accountId,
  };
}
