import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import type { DataAwsRdsCluster } from '@cdktf/provider-aws/lib/data-aws-rds-cluster';
import type { Construct } from 'constructs';

/**
 * Expression for the list of the Availability Zones of the cluster's storage by id, as `use1-az1`: their names, such as us-east-1a, mean
 * other zones in other accounts (RAM user guide, "Availability Zone IDs for your AWS resources").
 */
export function storageZones(scope: Construct, cluster: DataAwsRdsCluster): string {
  const all = new DataAwsAvailabilityZones(scope, 'zones');
  const [names, ids] = ['names', 'zone_ids'].map(
    (list) => `data.aws_availability_zones.${all.friendlyUniqueId}.${list}`,
  );
  const storage = `data.aws_rds_cluster.${cluster.friendlyUniqueId}.availability_zones`;
  return `\${sort([for name in ${storage} : ${ids}[index(${names}, name)]])}`;
}
