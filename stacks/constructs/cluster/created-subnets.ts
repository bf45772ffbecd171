import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { CreatedSettings } from '../../../environments/created-settings';
import type { Environment } from '../../../environments/schema';

/** The subnet group of a new cluster; its subnets are in the VPC whose peering the clone comes through. */
export function createdSubnets(
  scope: Construct,
  { name, source }: Environment,
  settings: CreatedSettings,
): DbSubnetGroup {
  const { subnetIds = [] } = settings.network;
  const { vpcId } = source.network;
  const found = subnetIds.map((id) => new DataAwsSubnet(scope, id, { id }));
  const vpcs = `[${found.map((subnet) => `data.aws_subnet.${subnet.friendlyUniqueId}.vpc_id`).join(', ')}]`;
  return new DbSubnetGroup(scope, 'subnets', {
    name: objectName(name, 'production'),
    description: `Production cluster of environment ${name}`,
    subnetIds,
    lifecycle: {
      precondition: [
        {
          condition: `\${alltrue([for vpc in ${vpcs} : vpc == "${vpcId}"])}`,
          errorMessage: `The subnets of the cluster are in \${join(", ", distinct(${vpcs}))}, and source.network.vpcId is ${vpcId}. Correct the environment file and run npm run synth.`,
        },
      ],
    },
  });
}
