import { anything, EVER, tagged, type Placed, type Row, type Rows } from './row';

/**
 * What the provider calls for routes, rules and the peering (terraform-provider-aws, internal/service/ec2). Descriptions
 * know no resources; all else is tied to an id that the environment names, to the two VPCs, or to our tags (service
 * authorization reference, Amazon EC2).
 */
const ec2 = ({ account }: Placed, kind: string, id = '*') => account.arn('ec2', `${kind}/${id}`);
const vpcArn = ({ account }: Placed, side: 'source' | 'target') =>
  `arn:${account.partition}:ec2:${account.environment.region}:${account.environment[side].accountId}:vpc/${account.environment[side].network.vpcId}`;
const bothVpcs = (placed: Placed) => ({
  ArnEquals: { 'ec2:RequesterVpc': vpcArn(placed, 'source'), 'ec2:AccepterVpc': vpcArn(placed, 'target') },
});
const ours = (placed: Placed) => tagged('ResourceTag', placed);

const described = (...actions: string[]): Row => ({ in: EVER, sid: 'NetworkRead', actions, on: anything });

const peerings = (placed: Placed) => [ec2(placed, 'vpc-peering-connection')];
const table = (placed: Placed) => [ec2(placed, 'route-table', placed.nameOf('route_table_id'))];

/** Those of the stack's own group are known by its tags, those of production by their id. */
const isOwnGroup = (placed: Placed) => placed.nameOf('security_group_id') === undefined;

function ruleRows(direction: 'Ingress' | 'Egress'): readonly Row[] {
  const actions = { create: `ec2:AuthorizeSecurityGroup${direction}`, delete: `ec2:RevokeSecurityGroup${direction}` };
  const group = (placed: Placed) => [ec2(placed, 'security-group', placed.nameOf('security_group_id'))];
  const onGroup = (operation: 'create' | 'update' | 'delete', action: string): Row[] => [
    { in: [operation], sid: 'Rules', actions: [action], on: group, if: (placed) => !isOwnGroup(placed) },
    { in: [operation], sid: 'OwnRules', actions: [action], on: group, when: ours, if: isOwnGroup },
  ];
  return [
    described('ec2:DescribeSecurityGroupRules'),
    ...onGroup('create', actions.create),
    ...onGroup('update', 'ec2:ModifySecurityGroupRules'),
    ...onGroup('delete', actions.delete),
    {
      in: ['update'],
      sid: 'RuleItself',
      actions: ['ec2:ModifySecurityGroupRules'],
      on: (placed) => [ec2(placed, 'security-group-rule')],
    },
    // A rule lets nobody in by its tags.
    {
      in: ['create', 'update'],
      sid: 'RuleItself',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      on: (placed) => [ec2(placed, 'security-group-rule')],
    },
  ];
}

const readBy = (action: string): Row => ({ in: ['read'], sid: 'NetworkRead', actions: [action], on: anything });

export const NETWORK: Rows = {
  'data.aws_availability_zones': [
    { in: ['read'], sid: 'NetworkRead', actions: ['ec2:DescribeAvailabilityZones'], on: anything },
  ],
  'data.aws_subnet': [{ in: ['read'], sid: 'NetworkRead', actions: ['ec2:DescribeSubnets'], on: anything }],
  'data.aws_vpc_peering_connection': [readBy('ec2:DescribeVpcPeeringConnections')],
  'data.aws_vpc_peering_connections': [readBy('ec2:DescribeVpcPeeringConnections')],
  'data.aws_ec2_transit_gateway_vpc_attachments': [readBy('ec2:DescribeTransitGatewayVpcAttachments')],
  aws_route: [
    described('ec2:DescribeRouteTables'),
    { in: ['create'], sid: 'Routes', actions: ['ec2:CreateRoute'], on: table },
    { in: ['update'], sid: 'Routes', actions: ['ec2:ReplaceRoute'], on: table },
    { in: ['delete'], sid: 'Routes', actions: ['ec2:DeleteRoute'], on: table },
  ],
  aws_vpc_peering_connection: [
    described('ec2:DescribeVpcPeeringConnections'),
    {
      in: ['create'],
      sid: 'PeeringVpc',
      actions: ['ec2:CreateVpcPeeringConnection'],
      on: (placed) => [vpcArn(placed, 'source')],
    },
    {
      in: ['create', 'update'],
      sid: 'Peering',
      actions: ['ec2:CreateVpcPeeringConnection', 'ec2:CreateTags', 'ec2:DeleteTags'],
      on: peerings,
      when: bothVpcs,
    },
    {
      in: ['delete'],
      sid: 'Peering',
      actions: ['ec2:DeleteVpcPeeringConnection'],
      on: peerings,
      when: bothVpcs,
    },
  ],
  aws_vpc_peering_connection_accepter: [
    described('ec2:DescribeVpcPeeringConnections'),
    {
      in: ['create'],
      sid: 'PeeringVpc',
      actions: ['ec2:AcceptVpcPeeringConnection'],
      on: (placed) => [vpcArn(placed, 'target')],
    },
    {
      in: ['create', 'update'],
      sid: 'Peering',
      actions: ['ec2:AcceptVpcPeeringConnection', 'ec2:CreateTags', 'ec2:DeleteTags'],
      on: peerings,
      when: bothVpcs,
    },
  ],
  aws_vpc_peering_connection_options: [
    described('ec2:DescribeVpcPeeringConnections'),
    {
      in: ['create', 'update'],
      sid: 'Peering',
      actions: ['ec2:ModifyVpcPeeringConnectionOptions'],
      on: peerings,
      when: bothVpcs,
    },
  ],
  aws_security_group: [
    described('ec2:DescribeSecurityGroups'),
    {
      in: ['create'],
      sid: 'GroupVpc',
      actions: ['ec2:CreateSecurityGroup'],
      on: (placed) => [vpcArn(placed, placed.account.side)],
    },
    {
      in: ['create'],
      sid: 'GroupNew',
      actions: ['ec2:CreateSecurityGroup'],
      on: (placed) => [ec2(placed, 'security-group')],
      when: (placed) => tagged('RequestTag', placed),
    },
    {
      in: ['create'],
      sid: 'GroupTagNew',
      actions: ['ec2:CreateTags'],
      on: (placed) => [ec2(placed, 'security-group')],
      when: (placed) => ({
        StringEquals: {
          'ec2:CreateAction': 'CreateSecurityGroup',
          ...tagged('RequestTag', placed)['StringEquals'],
        },
      }),
    },
    // AWS gives a new group a rule that lets everything out, which the provider takes away.
    {
      in: ['create'],
      sid: 'OwnRules',
      actions: ['ec2:RevokeSecurityGroupEgress'],
      on: (placed) => [ec2(placed, 'security-group')],
      when: ours,
    },
    {
      in: ['update'],
      sid: 'OwnRules',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      on: (placed) => [ec2(placed, 'security-group')],
      when: ours,
    },
    {
      in: ['delete'],
      sid: 'OwnRules',
      actions: ['ec2:DeleteSecurityGroup'],
      on: (placed) => [ec2(placed, 'security-group')],
      when: ours,
    },
    { in: ['delete'], sid: 'NetworkRead', actions: ['ec2:DescribeNetworkInterfaces'], on: anything },
  ],
  aws_vpc_security_group_ingress_rule: ruleRows('Ingress'),
  aws_vpc_security_group_egress_rule: ruleRows('Egress'),
};
