import { contract, dependsOn, forgotten } from './json-places';
import { of, type SettingPlace } from './setting-place';

const GATEWAY = [['network', { mode: 'transit-gateway', transitGatewayId: 'tgw-0123456789abcdef0' }]] as const;
const KNOWN = [['network.peeringConnectionId', 'pcx-0123456789abcdef0']] as const;

/** In the routes of both sides. */
const hops = (argument: string) => [
  `source.resource.aws_route.to_target_rtb_0123456789abcdef0.${argument}`,
  `source.resource.aws_route.to_target_rtb_0123456789abcdef1.${argument}`,
  `target.resource.aws_route.to_source_rtb_0fedcba9876543210.${argument}`,
];
const bothSides = (...places: string[]) =>
  ['source', 'target'].flatMap((side) => places.map((one) => `${side}.${one}`));
const peering = 'data.aws_vpc_peering_connection.known_peering';
const attachments = 'data.aws_ec2_transit_gateway_vpc_attachments.attachments';
const rule = 'source.resource.aws_vpc_security_group_ingress_rule.from_target_sg_0123456789abcdef0';

/** The settings of the way between the two VPCs, and of their addresses. */
export const NETWORK: readonly SettingPlace[] = [
  of(
    'network.mode',
    'existing',
    `${contract}.production.peeringConnectionId`,
    `+${contract}.production.wayBack`,
    '-source.//.outputs.example-source.peering_connection_id',
    '-source.output.peering_connection_id',
    '-source.//.metadata.overrides.aws_vpc_peering_connection_options',
    '-source.data.aws_db_subnet_group',
    '-source.data.aws_vpc_peering_connections',
    '-source.resource.aws_route',
    '-source.resource.aws_vpc_peering_connection',
    '-source.resource.aws_vpc_peering_connection_options',
    ...[15, 16, 17].map((number) => `${dependsOn}.${number}`),
    ...[18, 19, 20, 21].map((number) => `-${dependsOn}.${number}`),
    ...forgotten(13, 14, 15, 16, 17),
    '-target.data.aws_vpc_peering_connections',
    '-target.data.terraform_remote_state.source.defaults.peering_connection_id',
    'target.data.terraform_remote_state.source.lifecycle.postcondition.0.condition',
    '-target.resource.aws_route',
    '-target.resource.aws_vpc_peering_connection_accepter',
    ...[1, 2].map((number) => `+target.removed.${number}`),
  ),
  {
    ...of(
      'network.transitGatewayId',
      'tgw-0123456789abcdef1',
      `${contract}.production.transitGatewayId`,
      ...hops('transit_gateway_id'),
      ...bothSides(`${attachments}.filter.0.values.0`, `${attachments}.lifecycle.postcondition.0.error_message`),
    ),
    first: GATEWAY,
  },
  {
    ...of(
      'network.peeringConnectionId',
      'pcx-0123456789abcdef1',
      `${contract}.production.peeringConnectionId`,
      ...hops('vpc_peering_connection_id'),
      ...bothSides(
        `${peering}.id`,
        ...[0, 1].map((number) => `${peering}.lifecycle.postcondition.${number}.error_message`),
      ),
    ),
    first: KNOWN,
  },
  of(
    'network.remoteDns',
    true,
    'source.resource.aws_vpc_peering_connection_options.peering_options.requester.allow_remote_vpc_dns_resolution',
  ),
  of(
    'source.network.secondaryCidrs',
    ['10.2.0.0/16'],
    '+target.resource.aws_route.to_source_rtb_0fedcba9876543210_10_2_0_0_16',
    '+target.resource.aws_vpc_security_group_egress_rule.clone_network_egress_10_2_0_0_16',
  ),
  of(
    'target.network.secondaryCidrs',
    ['10.3.0.0/16'],
    `${contract}.production.targetCidr`,
    '+source.resource.aws_route.to_target_rtb_0123456789abcdef0_10_3_0_0_16',
    '+source.resource.aws_route.to_target_rtb_0123456789abcdef1_10_3_0_0_16',
    `+${rule}_10_3_0_0_16`,
    ...[16, 17, 18, 19, 20, 21].map((number) => `${dependsOn}.${number}`),
    ...[22, 23, 24].map((number) => `+${dependsOn}.${number}`),
  ),
  of(
    'target.network.subnetCidrs',
    ['10.1.0.0/24', '10.1.1.0/24'],
    `${contract}.production.targetCidr`,
    `-${rule}`,
    `+${rule}_10_1_0_0_24`,
    `+${rule}_10_1_1_0_24`,
    ...[20, 21].map((number) => `${dependsOn}.${number}`),
    `+${dependsOn}.22`,
    '+target.resource.aws_db_subnet_group.clone_subnets.lifecycle.precondition.2',
  ),
  // They say what the file cannot be written with, and change nothing that is made.
  of('source.network.vpcOwnerId', '123456789012'),
  of('target.network.vpcOwnerId', '210987654321'),
];
