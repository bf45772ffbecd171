import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import { TerraformCount, type TerraformLocal, Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { addressOf } from './address';
import type { CloneTicketGate } from './clone-ticket-gate';
import { oneClonePerTicket } from './one-clone-per-ticket';

export interface CloneProps {
  readonly environment: Environment;
  readonly sourceArn: string;
  readonly parameterGroupName: string;
  readonly subnetGroupName: string;
  readonly securityGroupIds: string[];
  readonly gate: CloneTicketGate;
  /** What must exist before the cluster can be restored, such as the accepted share. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * The copy-on-write clone and its instances.
 *
 * Replacing it means delete, then create, never the other way round: AWS allows
 * one cross-account clone per target account. The instances refer to the
 * cluster, so Terraform deletes them before it and creates them after.
 */
export class Clone extends Construct {
  readonly instances: RdsClusterInstance[];
  /** Of whatever is there only with the clone: one, or none. */
  readonly count: TerraformCount;
  private readonly cluster: RdsCluster;

  constructor(scope: Construct, id: string, props: CloneProps) {
    super(scope, id);
    const { clone } = props.environment.target;
    this.count = TerraformCount.of(Token.asNumber(`\${${props.gate.cloneWanted} ? 1 : 0}`));
    const { environment, gate } = props;
    const keyArn = environment.kms.targetKeyArn ?? environment.kms.sourceKeyArn;
    this.cluster = this.restoredCluster(props, keyArn);
    oneClonePerTicket(this, {
      environment,
      cluster: this.cluster,
      keyArn,
      count: this.count,
      ticket: gate.trigger,
    });
    this.instances = Array.from(
      { length: clone.instanceCount },
      (_, index) =>
        new RdsClusterInstance(this, `instance-${index + 1}`, {
          count: this.count,
          identifier: `${clone.identifier}-${index + 1}`,
          clusterIdentifier: this.first('id'),
          engine: this.first('engine'),
          instanceClass: clone.instanceClass,
          dbSubnetGroupName: props.subnetGroupName,
          promotionTier: index,
          applyImmediately: true,
          autoMinorVersionUpgrade: clone.autoMinorVersionUpgrade,
          lifecycle: { replaceTriggeredBy: [props.gate.trigger] },
        }),
    );
  }

  /** Expression for an attribute of the cluster, for what has the same count. */
  first(attribute: string): string {
    return `\${${addressOf(this.cluster)}[0].${attribute}}`;
  }

  /** Expression for an attribute of the cluster; null, or what the local that is given has, where there is none. */
  attribute(attribute: string, instead?: TerraformLocal): string {
    const found = `one(${addressOf(this.cluster)}[*].${attribute})`;
    return instead === undefined ? `\${${found}}` : `\${coalesce(${found}, local.${instead.friendlyUniqueId})}`;
  }

  private restoredCluster(props: CloneProps, keyArn: string | undefined): RdsCluster {
    const { target } = props.environment;
    return new RdsCluster(this, 'cluster', {
      count: this.count,
      clusterIdentifier: target.clone.identifier,
      engine: 'aurora-postgresql',
      // A cluster of another account is only found by its full ARN.
      restoreToPointInTime: {
        sourceClusterIdentifier: props.sourceArn,
        restoreType: 'copy-on-write',
        useLatestRestorableTime: true,
      },
      dbSubnetGroupName: props.subnetGroupName,
      vpcSecurityGroupIds: props.securityGroupIds,
      dbClusterParameterGroupName: props.parameterGroupName,
      ...(keyArn === undefined ? {} : { kmsKeyId: keyArn, storageEncrypted: true }),
      serverlessv2ScalingConfiguration: target.clone.serverlessV2,
      ...statedSettings(target.clone),
      // Otherwise the clone would keep the password of production.
      manageMasterUserPassword: true,
      applyImmediately: true,
      // The data is a copy: losing it costs a new clone, keeping it costs a snapshot at every replacement.
      skipFinalSnapshot: true,
      tags: { ...props.gate.tags },
      dependsOn: props.dependsOn,
      lifecycle: {
        precondition: props.gate.preconditions,
        replaceTriggeredBy: [props.gate.trigger],
        ignoreChanges: inheritedSettings(target.clone),
      },
    });
  }
}

/**
 * What a restore would decide by itself, and the file says. Not engine_lifecycle_support: the provider does not send it
 * with a restore, and would want to make the clone anew for the difference (rds/cluster.go of 6.25).
 */
function statedSettings(clone: Environment['target']['clone']) {
  return {
    storageType: clone.storageType === 'standard' ? 'aurora' : 'aurora-iopt1',
    backupRetentionPeriod: clone.backupRetentionDays,
    iamDatabaseAuthenticationEnabled: clone.iamAuthentication,
    enabledCloudwatchLogsExports: clone.logExports,
    deletionProtection: clone.deletionProtection,
    port: clone.port,
  };
}

/** What the clone has from production where the file is silent: the next plan would switch it off. */
function inheritedSettings({ iamAuthentication, logExports }: Environment['target']['clone']): string[] | undefined {
  const inherited = [
    ...(iamAuthentication === undefined ? ['iam_database_authentication_enabled'] : []),
    ...(logExports === undefined ? ['enabled_cloudwatch_logs_exports'] : []),
  ];
  return inherited.length > 0 ? inherited : undefined;
}
