import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import type { Construct } from 'constructs';

/**
 * Expression for the list of the Availability Zones of the cluster's storage by id, as `use1-az1`: their names, such as us-east-1a, mean
 * other zones in other accounts (RAM user guide, "Availability Zone IDs for your AWS resources").
 *
 * @param storage expression for their names
 */
export function storageZones(scope: Construct, storage: string): string {
  const all = new DataAwsAvailabilityZones(scope, 'zones');
  const [names, ids] = ['names', 'zone_ids'].map(
    (list) => `data.aws_availability_zones.${all.friendlyUniqueId}.${list}`,
  );
  return `\${sort([for name in ${storage} : ${ids}[index(${names}, name)]])}`;
}
