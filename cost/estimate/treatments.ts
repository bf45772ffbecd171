import { cluster, instance, SECRET } from './aurora';
import { CLOUDWATCH } from './aurora-options';
import { free, metered, untreated, usage } from './charge';
import { schedule, service, USED } from './fargate';
import type { Treatment } from './treatment';

const PROXY = 'https://aws.amazon.com/rds/proxy/pricing/';
const ONE = [1, 1] as const;

const nothing =
  (source: string): Treatment =>
  () => [free('no charge of its own', source)];

/** RDS bills instances, storage, I/O, backups and transfer, and names nothing else. */
const ofRds = nothing('https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/User_DBInstanceBilling.html');
const ofRam = nothing('https://docs.aws.amazon.com/ram/latest/userguide/what-is.html');
const ofSecurityGroups = nothing('https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html');
/** What AWS tells of its own resources is ingested for free; what leaves the account would be billed. */
const ofEvents = nothing('https://aws.amazon.com/eventbridge/pricing/');

/** The connection is free, as is what stays in a zone; what crosses zones is billed to both sides, out and in. */
const peering =
  (direction: 'out' | 'in'): Treatment =>
  (_, { prices, stated }) => {
    const gb = stated['peering-gb'];
    return [
      metered(prices, {
        what: `traffic ${direction} across zones${gb === undefined ? '' : `, none to ${gb} GB`}`,
        key: { item: 'peering-gb' },
        quantity: gb === undefined ? null : [0, gb],
        look: 'https://aws.amazon.com/ec2/pricing/on-demand/',
        option: 'peering-gb',
      }),
    ];
  };

/**
 * The page names what is billed of a VPC; an entry of a route table is not among it. What goes over a connection that is in
 * neither stack is named here, as nothing else names it: a gateway bills every GB, a peering those that cross zones.
 */
const route: Treatment = ({ block }) => {
  if (block['transit_gateway_id'] !== undefined)
    return [usage('what goes through the transit gateway', 'https://aws.amazon.com/transit-gateway/pricing/')];
  if (String(block['vpc_peering_connection_id']).startsWith('pcx-'))
    return [usage('traffic across zones', 'https://aws.amazon.com/ec2/pricing/on-demand/')];
  return [free('no charge of its own', 'https://aws.amazon.com/vpc/pricing/')];
};

/** An alarm of our own metric needs somebody to publish it; while nobody does, it costs nothing. */
const alarm: Treatment = ({ block }, { prices }) => [
  Number(block['period']) >= 60
    ? metered(prices, { what: 'alarm', key: { item: 'alarm-month' }, quantity: ONE, look: CLOUDWATCH })
    : untreated('alarm of high resolution, or of more than one metric'),
  ...(String(block['namespace']).startsWith('AWS/')
    ? []
    : [
        metered(prices, {
          what: 'its metric, while it is published',
          key: { item: 'custom-metric-month' },
          quantity: [0, 1],
          look: CLOUDWATCH,
        }),
      ]),
];

/** Nothing is billed of IAM itself. */
const ofIam = nothing('https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html');
/** Tasks are billed while they run, and neither what describes them nor the cluster that they are in. */
const ofFargate = nothing(USED);

const monthly =
  (what: string, item: 'composite-alarm-month' | 'dashboard-month'): Treatment =>
  (_, { prices }) => [metered(prices, { what, key: { item }, quantity: ONE, look: CLOUDWATCH })];

/**
 * How each type of resource is billed. One that is not here is named as unknown: it must not be free because nobody
 * thought of it.
 */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  aws_cloudwatch_composite_alarm: monthly('composite alarm', 'composite-alarm-month'),
  aws_cloudwatch_dashboard: monthly('dashboard', 'dashboard-month'),
  aws_cloudwatch_event_rule: ofEvents,
  aws_cloudwatch_event_target: ofEvents,
  aws_cloudwatch_log_group: () => [usage('what the tasks print', CLOUDWATCH)],
  aws_cloudwatch_metric_alarm: alarm,
  aws_db_parameter_group: ofRds,
  aws_db_proxy: () => [usage('hours of the proxy, by capacity of the instances', PROXY)],
  // Settings of the proxy.
  aws_db_proxy_default_target_group: nothing(PROXY),
  aws_db_proxy_target: nothing(PROXY),
  aws_db_subnet_group: ofRds,
  aws_ecs_cluster: ofFargate,
  aws_ecs_service: service,
  aws_ecs_task_definition: ofFargate,
  aws_iam_role: ofIam,
  aws_iam_role_policy: ofIam,
  aws_iam_role_policy_attachment: ofIam,
  aws_ram_principal_association: ofRam,
  aws_ram_resource_association: ofRam,
  aws_ram_resource_share: ofRam,
  aws_ram_resource_share_accepter: ofRam,
  aws_rds_cluster: cluster,
  aws_rds_cluster_instance: instance,
  aws_rds_cluster_parameter_group: ofRds,
  aws_route: route,
  aws_scheduler_schedule: schedule,
  aws_secretsmanager_secret: (_, { prices }) => [metered(prices, { ...SECRET, what: 'secret' })],
  // RDS rotates it, without a function of Lambda that would be billed; the secret is in the line of the cluster.
  aws_secretsmanager_secret_rotation: nothing('https://aws.amazon.com/secrets-manager/pricing/'),
  aws_security_group: ofSecurityGroups,
  aws_sns_topic: () => [usage('messages, and their delivery', 'https://aws.amazon.com/sns/pricing/')],
  // An attribute of the topic.
  aws_sns_topic_policy: nothing('https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html'),
  aws_vpc_peering_connection: peering('out'),
  aws_vpc_peering_connection_accepter: peering('in'),
  // A setting of the peering.
  aws_vpc_peering_connection_options: nothing(
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html',
  ),
  aws_vpc_security_group_egress_rule: ofSecurityGroups,
  aws_vpc_security_group_ingress_rule: ofSecurityGroups,
  // It stands in Terraform's state and nowhere else.
  terraform_data: nothing('https://developer.hashicorp.com/terraform/language/resources/terraform-data'),
};
