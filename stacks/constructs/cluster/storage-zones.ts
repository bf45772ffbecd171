import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import type { DataAwsRdsCluster } from '@cdktf/provider-aws/lib/data-aws-rds-cluster';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { ZONES_OUTPUT } from '../../source-outputs';

/**
 * Puts out the Availability Zones of the cluster's storage by id, as `use1-az1`: their names, such as us-east-1a, mean
 * other zones in other accounts (RAM user guide, "Availability Zone IDs for your AWS resources").
 */
export function storageZones(scope: Construct, cluster: DataAwsRdsCluster): void {
  const all = new DataAwsAvailabilityZones(scope, 'zones');
  const [names, ids] = ['names', 'zone_ids'].map(
    (list) => `data.aws_availability_zones.${all.friendlyUniqueId}.${list}`,
  );
  const storage = `data.aws_rds_cluster.${cluster.friendlyUniqueId}.availability_zones`;
  new TerraformOutput(scope, ZONES_OUTPUT, {
    description:
      'Availability Zones of the storage of the source, by id; the subnets of the clone must be in two of them.',
    value: `\${sort([for name in ${storage} : ${ids}[index(${names}, name)]])}`,
  });
}
