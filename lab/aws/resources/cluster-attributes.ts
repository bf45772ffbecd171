import { settingAttributes } from '../cluster-settings';
import { instancesOf } from '../clusters';
import { ENDPOINT_HOST } from '../services/rds-shapes';
import type { Account, Cluster } from '../world';
import { storageZones } from '../zones';
import type { Attributes } from './handler';

/** What the provider knows of a cluster, as resource and as data source. */
export function clusterAttributes(region: string, account: Account, cluster: Cluster): Attributes {
  const instances = instancesOf(account, cluster);
  return {
    id: cluster.identifier,
    cluster_identifier: cluster.identifier,
    arn: cluster.arn,
    cluster_resource_id: cluster.resourceId,
    cluster_members: instances.map(({ identifier }) => identifier).sort(),
    availability_zones: storageZones(region),
    database_name: cluster.databases[0] ?? '',
    db_cluster_parameter_group_name: cluster.parameterGroup,
    db_subnet_group_name: cluster.subnetGroup,
    endpoint: ENDPOINT_HOST,
    reader_endpoint: ENDPOINT_HOST,
    port: cluster.port,
    engine: 'aurora-postgresql',
    engine_mode: 'provisioned',
    engine_version: cluster.engineVersion,
    hosted_zone_id: 'Z29XKXDKYMONMX',
    ...settingAttributes(cluster),
    kms_key_id: cluster.kmsKeyId ?? '',
    storage_encrypted: cluster.kmsKeyId !== null,
    master_username: cluster.masterUsername,
    master_user_secret: masterUserSecret(cluster),
    network_type: 'IPV4',
    vpc_security_group_ids: cluster.securityGroupIds,
  };
}

function masterUserSecret(cluster: Cluster): Attributes[] {
  if (cluster.masterSecretArn === null) return [];
  return [{ secret_arn: cluster.masterSecretArn, kms_key_id: cluster.masterSecretKmsKeyId, secret_status: 'active' }];
}
