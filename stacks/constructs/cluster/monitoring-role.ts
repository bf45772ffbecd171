import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { Construct } from 'constructs';
import type { CreatedSettings } from '../../../environments/created-settings';
import type { Environment } from '../../../environments/schema';
import { partitionOf, serviceRole } from './iam-role';

/** The role with which Enhanced Monitoring writes to CloudWatch Logs (Aurora user guide, "Setting up Enhanced Monitoring"). */
export function monitoringRole(
  scope: Construct,
  environment: Environment,
  { monitoringSeconds }: CreatedSettings,
): string | undefined {
  if (monitoringSeconds === 0) return undefined;
  const role = serviceRole(scope, environment, {
    id: 'monitoring',
    service: 'monitoring.rds.amazonaws.com',
    description: `Enhanced Monitoring of the production cluster of environment ${environment.name}`,
  });
  new IamRolePolicyAttachment(scope, 'monitoring-policy', {
    role: role.name,
    policyArn: `arn:${partitionOf(environment.region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
  });
  return role.arn;
}
