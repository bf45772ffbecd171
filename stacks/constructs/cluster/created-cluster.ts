import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { RdsCluster, type RdsClusterConfig } from '@cdktf/provider-aws/lib/rds-cluster';
import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation';
import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import { createdSettings, type CreatedSettings } from '../../../environments/created-settings';
import { applyMethod } from '../../../environments/parameters/apply-method';
import { RDS_ROTATION_DAYS } from '../../../environments/presets';
import type { Environment } from '../../../environments/schema';
import { createdInstances } from './created-instances';
import { createdProxy } from './created-proxy';
import { createdSubnets } from './created-subnets';
import { literals } from './literals';
import { monitoringRole } from './monitoring-role';

export interface CreatedClusterProps {
  readonly environment: Environment;
  readonly parameterGroupName: string;
}

/** A new production cluster, with all that belongs to it. Each of its resources begins with `production`. */
export class CreatedCluster extends Construct {
  readonly cluster: RdsCluster;
  readonly instances: TerraformResource[];

  constructor(scope: Construct, id: string, { environment, parameterGroupName }: CreatedClusterProps) {
    super(scope, id);
    const settings = createdSettings(environment);
    this.cluster = new RdsCluster(this, 'cluster', {
      ...identity(environment, settings),
      ...protection(environment, settings),
      dbSubnetGroupName: settings.network.subnetGroup ?? createdSubnets(this, environment, settings).name,
      vpcSecurityGroupIds: environment.source.network.securityGroupIds,
      port: settings.port,
      // From the beginning, so that no restart is needed before there are slots.
      dbClusterParameterGroupName: parameterGroupName,
      ...access(settings),
      ...databaseInsights(settings),
      enabledCloudwatchLogsExports: [...settings.logExports],
      preferredMaintenanceWindow: settings.maintenanceWindow,
    });
    this.instances = createdInstances(this, {
      cluster: this.cluster,
      identifier: environment.source.cluster.identifier,
      settings,
      parameterGroup: instanceParameters(this, environment, settings).name,
      monitoringRoleArn: monitoringRole(this, environment, settings),
    });
    this.rotation(settings);
    if (settings.proxy) createdProxy(this, environment, { settings, cluster: this.cluster, instances: this.instances });
  }

  /** All that is made here. */
  get resources(): TerraformResource[] {
    return this.node.findAll().filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
  }

  /** Seven days are what RDS does by itself. The provider would change the password at once, unless told not to. */
  private rotation({ masterUser }: CreatedSettings): void {
    if (masterUser.rotationDays === RDS_ROTATION_DAYS) return;
    new SecretsmanagerSecretRotation(this, 'secret-rotation', {
      secretId: this.cluster.masterUserSecret.get(0).secretArn,
      rotationRules: { automaticallyAfterDays: masterUser.rotationDays },
      rotateImmediately: false,
    });
  }
}

function identity({ source, kms }: Environment, settings: CreatedSettings) {
  const { identifier, majorVersion } = source.cluster;
  const { minorVersion, masterUser, storage, encrypted, serverlessV2 } = settings;
  return {
    clusterIdentifier: identifier,
    engine: 'aurora-postgresql',
    engineVersion: minorVersion === undefined ? String(majorVersion) : `${majorVersion}.${minorVersion}`,
    databaseName: settings.database,
    masterUsername: masterUser.name,
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: masterUser.secretKeyArn,
    storageType: storage.type === 'standard' ? 'aurora' : 'aurora-iopt1',
    storageEncrypted: encrypted,
    kmsKeyId: encrypted ? kms.sourceKeyArn : undefined,
    serverlessv2ScalingConfiguration: serverlessV2,
  } satisfies RdsClusterConfig;
}

/**
 * RDS refuses to delete a protected cluster, but not its instances, which Terraform deletes first: prevent_destroy has the
 * plan refused instead, also that of a change that would replace the cluster.
 */
function protection({ source }: Environment, { backup, deletionProtection }: CreatedSettings) {
  return {
    backupRetentionPeriod: backup.retentionDays,
    preferredBackupWindow: backup.window,
    copyTagsToSnapshot: backup.copyTags,
    skipFinalSnapshot: !backup.finalSnapshot,
    finalSnapshotIdentifier: backup.finalSnapshot ? `${source.cluster.identifier}-final` : undefined,
    deletionProtection,
    ...(deletionProtection ? { lifecycle: { preventDestroy: true } } : {}),
  };
}

function access({ iamAuthentication, kerberos, dataApi }: CreatedSettings) {
  return {
    iamDatabaseAuthenticationEnabled: iamAuthentication,
    domain: kerberos?.directoryId,
    domainIamRoleName: kerberos === undefined ? undefined : literals(kerberos.roleName),
    enableHttpEndpoint: dataApi,
  };
}

/** The advanced mode wants its history stated with it (ModifyDBCluster); in the standard one that is the instances’. */
function databaseInsights({ insights: { mode, retentionDays } }: CreatedSettings) {
  if (mode === 'standard') return { databaseInsightsMode: mode };
  return {
    databaseInsightsMode: mode,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: retentionDays,
  };
}

function instanceParameters(
  scope: Construct,
  { name, source }: Environment,
  { instanceParameters: parameters = {} }: CreatedSettings,
): DbParameterGroup {
  const { majorVersion } = source.cluster;
  return new DbParameterGroup(scope, 'instance-parameters', {
    name: objectName(name, `source-instances-pg${majorVersion}`),
    family: `aurora-postgresql${majorVersion}`,
    description: `Instances of the production cluster of environment ${name}`,
    parameter: Object.entries(parameters)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([parameter, value]) => ({
        name: parameter,
        value: literals(String(value)),
        applyMethod: applyMethod(parameter, majorVersion),
      })),
  });
}
