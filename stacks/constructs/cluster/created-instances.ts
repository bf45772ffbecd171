import type { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import type { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import type { CreatedSettings } from '../../../environments/created-settings';

export interface CreatedInstancesProps {
  readonly cluster: RdsCluster;
  readonly identifier: string;
  readonly settings: CreatedSettings;
  readonly parameterGroup: string;
  /** Undefined: no Enhanced Monitoring. */
  readonly monitoringRoleArn: string | undefined;
}

/**
 * The writer, and a resource for all readers: so there is one address to forget them by, however many they are. The first
 * instance of a cluster becomes the writer, hence the readers wait for it.
 */
export function createdInstances(scope: Construct, props: CreatedInstancesProps): TerraformResource[] {
  const { identifier, settings } = props;
  const writer = new RdsClusterInstance(scope, 'writer', {
    identifier: `${identifier}-1`,
    instanceClass: settings.instanceClass,
    promotionTier: settings.writer?.failoverPriority ?? 0,
    availabilityZone: settings.writer?.availabilityZone,
    ...common(props),
  });
  if (settings.readers.length === 0) return [writer];
  const readers = new RdsClusterInstance(scope, 'readers', {
    identifier: `${identifier}-\${each.key}`,
    instanceClass: '${each.value.class}',
    promotionTier: 0,
    availabilityZone: '${each.value.zone}',
    ...common(props),
    dependsOn: [writer],
  });
  readers.addOverride('promotion_tier', '${each.value.priority}');
  readers.addOverride(
    'for_each',
    Object.fromEntries(
      settings.readers.map((reader, index) => [
        String(index + 2),
        {
          class: reader.instanceClass ?? settings.instanceClass,
          priority: reader.failoverPriority ?? 1,
          // A null in an override is taken out of the JSON by cdktf, and an expression is not.
          zone: reader.availabilityZone ?? '${null}',
        },
      ]),
    ),
  );
  return [writer, readers];
}

/**
 * Performance Insights and Enhanced Monitoring are the instances’ (the provider reads the cluster’s only of Multi-AZ
 * clusters), and so are the certificate and the minor upgrades.
 */
function common({ cluster, settings, parameterGroup, monitoringRoleArn }: CreatedInstancesProps) {
  return {
    clusterIdentifier: cluster.id,
    engine: cluster.engine,
    dbSubnetGroupName: cluster.dbSubnetGroupName,
    dbParameterGroupName: parameterGroup,
    publiclyAccessible: settings.network.publicAccess,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: settings.insights.retentionDays,
    monitoringInterval: settings.monitoringSeconds,
    monitoringRoleArn,
    copyTagsToSnapshot: settings.backup.copyTags,
    autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    caCertIdentifier: settings.caCertificate,
  };
}
