import { instancesOf } from '../clusters';
import { XmlList, type XmlValue } from '../protocols/xml';
import type { Account, Cluster, Instance, Tags } from '../world';

/** Host of every cluster of the lab; the certificate is made out to it. */
export const ENDPOINT_HOST = 'localhost';

/** One status for both records: a cluster whose writer restarts is not available either. */
function clusterStatus(account: Account, cluster: Cluster): string {
  return instancesOf(account, cluster).find((instance) => instance.status !== 'available')?.status ?? 'available';
}

function tagList(tags: Tags): XmlList {
  return new XmlList(
    'Tag',
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  );
}

export function clusterShape(account: Account, cluster: Cluster): XmlValue {
  const instances = instancesOf(account, cluster);
  return {
    DBClusterIdentifier: cluster.identifier,
    DBClusterArn: cluster.arn,
    DbClusterResourceId: cluster.resourceId,
    DBClusterParameterGroup: cluster.parameterGroup,
    DBSubnetGroup: cluster.subnetGroup,
    Status: clusterStatus(account, cluster),
    Endpoint: ENDPOINT_HOST,
    ReaderEndpoint: ENDPOINT_HOST,
    Port: cluster.port,
    Engine: 'aurora-postgresql',
    EngineVersion: cluster.engineVersion,
    EngineMode: 'provisioned',
    MultiAZ: instances.length > 1,
    DatabaseName: cluster.databases[0],
    MasterUsername: cluster.masterUsername,
    MasterUserSecret: cluster.masterSecretArn === null ? undefined : masterSecretShape(cluster),
    StorageEncrypted: cluster.kmsKeyId !== null,
    KmsKeyId: cluster.kmsKeyId,
    DeletionProtection: cluster.deletionProtection,
    CrossAccountClone: cluster.sourceArn !== null,
    VpcSecurityGroups: new XmlList(
      'VpcSecurityGroupMembership',
      cluster.securityGroupIds.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    ),
    DBClusterMembers: new XmlList(
      'DBClusterMember',
      instances.map((instance) => ({
        DBInstanceIdentifier: instance.identifier,
        IsClusterWriter: instance.writer,
        DBClusterParameterGroupStatus: instance.parameterStatus,
        PromotionTier: 1,
      })),
    ),
    TagList: tagList(cluster.tags),
  };
}

function masterSecretShape(cluster: Cluster): XmlValue {
  return { SecretArn: cluster.masterSecretArn, SecretStatus: 'active', KmsKeyId: cluster.masterSecretKmsKeyId };
}

export function instanceShape(account: Account, instance: Instance): XmlValue {
  const cluster = account.clusters[instance.clusterIdentifier];
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.resourceId,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStatus: instance.status,
    DBClusterIdentifier: instance.clusterIdentifier,
    Engine: 'aurora-postgresql',
    EngineVersion: cluster?.engineVersion,
    AvailabilityZone: instance.availabilityZone,
    Endpoint: { Address: ENDPOINT_HOST, Port: cluster?.port },
    StorageEncrypted: cluster !== undefined && cluster.kmsKeyId !== null,
    TagList: tagList(instance.tags),
  };
}
