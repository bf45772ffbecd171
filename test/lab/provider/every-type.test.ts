import type { ResourceType } from '../../../lab/provider/schema/types-in-use';

import { CONFIGURATION } from './configuration';
import { useProvider } from './fixture';

const lab = useProvider(CONFIGURATION);

test('every type in use can be created, and then there is nothing to do', async () => {
  const share = 'arn:aws:ram:eu-west-1:111111111111:resource-share/x';
  const key = 'arn:aws:kms:eu-west-1:111111111111:key/x';
  const rule = {
    security_group_id: '${aws_security_group.x.vpc_id == "" ? "" : "sg-1"}',
    ip_protocol: 'tcp',
    cidr_ipv4: '10.0.0.0/8',
  };
  const resources: Record<ResourceType, object> = {
    aws_cloudwatch_composite_alarm: { alarm_name: 'y', alarm_rule: 'ALARM("x")' },
    aws_cloudwatch_dashboard: { dashboard_name: 'x', dashboard_body: '{"widgets":[]}' },
    aws_cloudwatch_event_rule: { name: 'x', event_pattern: '{"source":["aws.rds"]}' },
    aws_cloudwatch_event_target: { rule: 'x', target_id: 'topic', arn: 'arn:aws:sns:eu-west-1:111111111111:x' },
    aws_cloudwatch_log_group: { name: '/x', retention_in_days: 30 },
    aws_cloudwatch_metric_alarm: {
      alarm_name: 'x',
      namespace: 'AWS/RDS',
      metric_name: 'CPUUtilization',
      statistic: 'Average',
      comparison_operator: 'GreaterThanThreshold',
      threshold: 90,
      period: 60,
      evaluation_periods: 15,
    },
    aws_db_parameter_group: {
      family: 'aurora-postgresql17',
      parameter: [{ name: 'a', value: '1', apply_method: 'pending-reboot' }],
    },
    aws_db_proxy: {
      name: 'x',
      engine_family: 'POSTGRESQL',
      role_arn: 'arn:aws:iam::111111111111:role/x',
      vpc_subnet_ids: ['subnet-a', 'subnet-b'],
      auth: [{ auth_scheme: 'SECRETS', secret_arn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:x' }],
    },
    aws_db_proxy_default_target_group: { db_proxy_name: 'x' },
    aws_db_proxy_target: { db_proxy_name: 'x', target_group_name: 'default', db_cluster_identifier: 'x' },
    aws_ecs_cluster: { name: 'x' },
    aws_ecs_service: {
      name: 'x',
      cluster: 'x',
      task_definition: 'x',
      launch_type: 'FARGATE',
      desired_count: 1,
      deployment_circuit_breaker: [{ enable: true, rollback: true }],
      network_configuration: [{ subnets: ['subnet-a'], security_groups: ['sg-1'] }],
    },
    aws_ecs_task_definition: {
      family: 'x',
      container_definitions: '[{"name":"x","image":"x"}]',
      cpu: '256',
      memory: '512',
      network_mode: 'awsvpc',
      requires_compatibilities: ['FARGATE'],
      runtime_platform: [{ cpu_architecture: 'ARM64', operating_system_family: 'LINUX' }],
    },
    aws_iam_role: { name: 'x', assume_role_policy: '{}' },
    aws_iam_role_policy: { name: 'x', role: 'x', policy: '{}' },
    aws_iam_role_policy_attachment: { role: 'x', policy_arn: 'arn:aws:iam::aws:policy/x' },
    aws_db_subnet_group: { name: 'x', subnet_ids: ['subnet-b', 'subnet-a'], tags: { a: 'b' } },
    aws_kms_grant: {
      key_id: key,
      grantee_principal: 'arn:aws:iam::111111111111:root',
      operations: ['Encrypt', 'Decrypt'],
    },
    aws_kms_key_policy: { key_id: key, policy: '{}' },
    aws_ram_principal_association: { principal: '222222222222', resource_share_arn: share },
    aws_ram_resource_association: { resource_arn: '${aws_rds_cluster.x.arn}', resource_share_arn: share },
    aws_ram_resource_share: { name: 'x', allow_external_principals: true },
    aws_ram_resource_share_accepter: { share_arn: share, timeouts: { create: '5m' } },
    aws_rds_cluster: {
      engine: 'aurora-postgresql',
      serverlessv2_scaling_configuration: [{ min_capacity: 0.5, max_capacity: 4 }],
    },
    aws_rds_cluster_instance: {
      cluster_identifier: '${aws_rds_cluster.x.id}',
      engine: 'aurora-postgresql',
      instance_class: 'db.serverless',
    },
    aws_rds_cluster_parameter_group: {
      family: 'aurora-postgresql17',
      parameter: [
        { name: 'b', value: '1' },
        { name: 'a', value: '2' },
      ],
    },
    aws_route: { route_table_id: 'rtb-1', destination_cidr_block: '10.1.0.0/16', vpc_peering_connection_id: 'pcx-1' },
    aws_scheduler_schedule: {
      name: 'x',
      schedule_expression: 'rate(1 hour)',
      flexible_time_window: [{ mode: 'OFF' }],
      target: [
        {
          arn: 'arn:aws:ecs:eu-west-1:111111111111:cluster/x',
          role_arn: 'arn:aws:iam::111111111111:role/x',
          ecs_parameters: [
            {
              task_definition_arn: 'arn:aws:ecs:eu-west-1:111111111111:task-definition/x:1',
              launch_type: 'FARGATE',
              network_configuration: [{ subnets: ['subnet-a'], security_groups: ['sg-1'] }],
            },
          ],
          retry_policy: [{ maximum_retry_attempts: 2 }],
        },
      ],
    },
    aws_secretsmanager_secret: { name: 'x', recovery_window_in_days: 0 },
    aws_secretsmanager_secret_rotation: { secret_id: 'x', rotation_rules: [{ automatically_after_days: 30 }] },
    aws_security_group: { name: 'x', vpc_id: 'vpc-1' },
    aws_sns_topic: { name: 'x' },
    aws_sns_topic_policy: { arn: 'arn:aws:sns:eu-west-1:111111111111:x', policy: '{}' },
    aws_vpc_peering_connection: { vpc_id: 'vpc-1', peer_vpc_id: 'vpc-2', peer_owner_id: '222222222222' },
    aws_vpc_peering_connection_accepter: { vpc_peering_connection_id: 'pcx-1', auto_accept: true },
    aws_vpc_peering_connection_options: {
      vpc_peering_connection_id: 'pcx-1',
      requester: [{ allow_remote_vpc_dns_resolution: true }],
    },
    aws_vpc_security_group_egress_rule: { ...rule, from_port: 5432, to_port: 5432 },
    aws_vpc_security_group_ingress_rule: rule,
  };
  const resource = Object.fromEntries(Object.entries(resources).map(([type, config]) => [type, { x: config }]));
  lab.aws.data.set('aws_caller_identity', { id: '111111111111', account_id: '111111111111', region: 'eu-west-1' });
  lab.aws.data.set('aws_ssm_parameters_by_path', { names: ['/a'], values: ['a-decrypted-parameter'] });
  const data = { aws_caller_identity: { x: {} }, aws_ssm_parameters_by_path: { x: { path: '/aurora' } } };
  const output = { values: { value: '${data.aws_ssm_parameters_by_path.x.values}', sensitive: true } };
  await lab.project.write({ provider: CONFIGURATION.provider, data, resource, output });
  const applied = await lab.project.apply();
  expect(applied).toMatchObject({ code: 0, text: expect.stringContaining('38 added') as string });
  expect(lab.aws.callsOf('data', 'aws_ssm_parameters_by_path')[0]!.config).toMatchObject({
    with_decryption: true,
    region: 'eu-west-1',
  });
  expect(applied.text).not.toContain('a-decrypted-parameter');
  expect((await lab.project.plan()).text).toContain('No changes');
});
