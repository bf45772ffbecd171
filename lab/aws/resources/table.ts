import { cloudwatchCompositeAlarm, cloudwatchDashboard, cloudwatchMetricAlarm } from './cloudwatch';
import { createdTypes } from './created-types';
import { dbSubnetGroup } from './db-subnet-group';
import { cloudwatchEventRule, cloudwatchEventTarget } from './event-rule';
import type { ResourceHandler } from './handler';
import { kmsGrant } from './kms-grant';
import { kmsKeyPolicy } from './kms-key-policy';
import { ramPrincipalAssociation } from './ram-principal-association';
import { ramResourceAssociation } from './ram-resource-association';
import { ramResourceShare } from './ram-resource-share';
import { ramResourceShareAccepter } from './ram-resource-share-accepter';
import { rdsCluster } from './rds-cluster';
import { rdsClusterInstance } from './rds-cluster-instance';
import { rdsClusterParameterGroup } from './rds-cluster-parameter-group';
import { route } from './route';
import { runnerTypes } from './runner-types';
import { secretsmanagerSecret } from './secretsmanager-secret';
import { securityGroup } from './security-group';
import { securityGroupRule } from './security-group-rule';
import { snsTopic, snsTopicPolicy } from './sns-topic';
import { vpcPeeringConnection } from './vpc-peering-connection';
import { vpcPeeringConnectionAccepter } from './vpc-peering-connection-accepter';
import { vpcPeeringConnectionOptions } from './vpc-peering-connection-options';

/** Every resource type that the stand-in can make. */
export const resources: Readonly<Record<string, ResourceHandler>> = {
  aws_cloudwatch_composite_alarm: cloudwatchCompositeAlarm,
  aws_cloudwatch_dashboard: cloudwatchDashboard,
  aws_cloudwatch_event_rule: cloudwatchEventRule,
  aws_cloudwatch_event_target: cloudwatchEventTarget,
  aws_cloudwatch_metric_alarm: cloudwatchMetricAlarm,
  ...createdTypes,
  ...runnerTypes,
  aws_db_subnet_group: dbSubnetGroup,
  aws_kms_grant: kmsGrant,
  aws_kms_key_policy: kmsKeyPolicy,
  aws_ram_principal_association: ramPrincipalAssociation,
  aws_ram_resource_association: ramResourceAssociation,
  aws_ram_resource_share: ramResourceShare,
  aws_ram_resource_share_accepter: ramResourceShareAccepter,
  aws_rds_cluster: rdsCluster,
  aws_rds_cluster_instance: rdsClusterInstance,
  aws_rds_cluster_parameter_group: rdsClusterParameterGroup,
  aws_route: route,
  aws_secretsmanager_secret: secretsmanagerSecret,
  aws_security_group: securityGroup,
  aws_sns_topic: snsTopic,
  aws_sns_topic_policy: snsTopicPolicy,
  aws_vpc_peering_connection: vpcPeeringConnection,
  aws_vpc_peering_connection_accepter: vpcPeeringConnectionAccepter,
  aws_vpc_peering_connection_options: vpcPeeringConnectionOptions,
  aws_vpc_security_group_egress_rule: securityGroupRule('egress'),
  aws_vpc_security_group_ingress_rule: securityGroupRule('ingress'),
};
