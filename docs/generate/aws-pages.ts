const RDS = 'AmazonRDS/latest/APIReference';
const EC2 = 'AWSEC2/latest/APIReference';

/** By type of resource: the page of AWS that says what may be given, and what it means. */
const PAGES: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: 'AmazonCloudWatch/latest/APIReference/API_PutDashboard.html',
  aws_cloudwatch_event_target: 'eventbridge/latest/APIReference/API_PutTargets.html',
  aws_cloudwatch_log_group: 'AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
  aws_cloudwatch_metric_alarm: 'AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
  aws_db_parameter_group: `${RDS}/API_CreateDBParameterGroup.html`,
  aws_db_proxy: `${RDS}/API_CreateDBProxy.html`,
  aws_db_proxy_default_target_group: `${RDS}/API_ModifyDBProxyTargetGroup.html`,
  aws_db_proxy_target: `${RDS}/API_RegisterDBProxyTargets.html`,
  aws_db_subnet_group: `${RDS}/API_CreateDBSubnetGroup.html`,
  aws_ec2_transit_gateway_vpc_attachment: `${EC2}/API_CreateTransitGatewayVpcAttachment.html`,
  aws_ecs_service: 'AmazonECS/latest/APIReference/API_CreateService.html',
  aws_ecs_task_definition: 'AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html',
  aws_iam_role: 'IAM/latest/APIReference/API_CreateRole.html',
  aws_iam_role_policy: 'IAM/latest/APIReference/API_PutRolePolicy.html',
  aws_iam_role_policy_attachment: 'IAM/latest/APIReference/API_AttachRolePolicy.html',
  aws_kms_grant: 'kms/latest/APIReference/API_CreateGrant.html',
  aws_kms_key: 'kms/latest/APIReference/API_DescribeKey.html',
  aws_ram_principal_association: 'ram/latest/APIReference/API_AssociateResourceShare.html',
  aws_ram_resource_share: 'ram/latest/APIReference/API_CreateResourceShare.html',
  aws_ram_resource_share_accepter: 'ram/latest/APIReference/API_AcceptResourceShareInvitation.html',
  aws_rds_cluster: `${RDS}/API_CreateDBCluster.html`,
  aws_rds_cluster_instance: `${RDS}/API_CreateDBInstance.html`,
  aws_rds_cluster_parameter_group: `${RDS}/API_ModifyDBClusterParameterGroup.html`,
  aws_route: `${EC2}/API_CreateRoute.html`,
  aws_scheduler_schedule: 'scheduler/latest/APIReference/API_CreateSchedule.html',
  aws_secretsmanager_secret: 'secretsmanager/latest/apireference/API_CreateSecret.html',
  aws_secretsmanager_secret_rotation: 'secretsmanager/latest/apireference/API_RotateSecret.html',
  aws_security_group: `${EC2}/API_CreateSecurityGroup.html`,
  aws_sns_topic: 'sns/latest/api/API_CreateTopic.html',
  aws_sns_topic_policy: 'sns/latest/api/API_SetTopicAttributes.html',
  aws_subnet: `${EC2}/API_DescribeSubnets.html`,
  aws_vpc_peering_connection: `${EC2}/API_CreateVpcPeeringConnection.html`,
  aws_vpc_peering_connection_options: `${EC2}/API_ModifyVpcPeeringConnectionOptions.html`,
  aws_vpc_security_group_egress_rule: `${EC2}/API_AuthorizeSecurityGroupEgress.html`,
  aws_vpc_security_group_ingress_rule: `${EC2}/API_AuthorizeSecurityGroupIngress.html`,
};

/** @throws Error of a type that has none here yet */
export function awsPage(type: string): string {
  const page = PAGES[type];
  if (page === undefined) throw new Error(`${type} has no page in docs/generate/aws-pages.ts`);
  return `https://docs.aws.amazon.com/${page}`;
}
