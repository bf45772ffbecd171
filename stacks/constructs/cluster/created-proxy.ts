import { DbProxy } from '@cdktf/provider-aws/lib/db-proxy';
import { DbProxyDefaultTargetGroup } from '@cdktf/provider-aws/lib/db-proxy-default-target-group';
import { DbProxyTarget } from '@cdktf/provider-aws/lib/db-proxy-target';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import type { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { CreatedSettings } from '../../../environments/created-settings';
import type { Environment } from '../../../environments/schema';
import { serviceRole } from './iam-role';

export interface CreatedProxyProps {
  readonly settings: CreatedSettings;
  readonly cluster: RdsCluster;
  readonly instances: TerraformResource[];
}

/**
 * An RDS Proxy in front of the cluster, for its applications: replication needs a session that stays, so the clone connects
 * to the cluster itself. It logs in with the secret that RDS keeps of the master user.
 */
export function createdProxy(scope: Construct, environment: Environment, props: CreatedProxyProps): void {
  const { settings, cluster, instances } = props;
  const secretArn = cluster.masterUserSecret.get(0).secretArn;
  const role = serviceRole(scope, environment, {
    id: 'proxy-role',
    service: 'rds.amazonaws.com',
    description: `Proxy of the production cluster of environment ${environment.name}`,
  });
  const policy = new IamRolePolicy(scope, 'proxy-policy', {
    name: 'secret',
    role: role.name,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: readsSecret(secretArn, settings) }),
  });
  const proxy = new DbProxy(scope, 'proxy', {
    name: objectName(environment.name, 'production'),
    engineFamily: 'POSTGRESQL',
    requireTls: true,
    roleArn: role.arn,
    vpcSubnetIds: settings.network.subnetIds ?? [],
    vpcSecurityGroupIds: environment.source.network.securityGroupIds,
    // Its one other value for PostgreSQL is REQUIRED, which would lock out every application with a password.
    auth: [{ authScheme: 'SECRETS', secretArn, iamAuth: 'DISABLED' }],
    dependsOn: [policy],
  });
  const targets = new DbProxyDefaultTargetGroup(scope, 'proxy-targets', { dbProxyName: proxy.name });
  new DbProxyTarget(scope, 'proxy-target', {
    dbProxyName: proxy.name,
    targetGroupName: targets.name,
    dbClusterIdentifier: cluster.id,
    dependsOn: instances,
  });
}

function readsSecret(secretArn: string, { masterUser }: CreatedSettings): object[] {
  const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn };
  if (masterUser.secretKeyArn === undefined) return [read];
  return [read, { Effect: 'Allow', Action: 'kms:Decrypt', Resource: masterUser.secretKeyArn }];
}
