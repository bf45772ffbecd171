import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/** What the target's subnets are held to. */
export interface CloneSubnetsProps {
  readonly environment: Environment;
  /** Expression for the list of zone ids of the source's storage. */
  readonly storageZones: string;
}

/**
 * The subnet group of the clone. Storage is cloned where it is: the subnets must
 * be in at least two of its zones (Aurora user guide, cross-account cloning), or
 * RDS refuses the clone after the slots have been made. Only the ids of zones
 * compare between accounts.
 */
export function cloneSubnets(scope: Construct, { environment, storageZones }: CloneSubnetsProps): DbSubnetGroup {
  const { subnetIds, subnetCidrs, vpcId } = environment.target.network;
  const found = subnetIds.map((subnetId) => new DataAwsSubnet(scope, `clone-${subnetId}`, { id: subnetId }));
  const attribute = (name: string) =>
    `[${found.map((subnet) => `data.aws_subnet.${subnet.friendlyUniqueId}.${name}`).join(', ')}]`;
  const [zones, vpcs] = [attribute('availability_zone_id'), attribute('vpc_id')];
  return new DbSubnetGroup(scope, 'clone-subnets', {
    name: objectName(environment.name, 'clone'),
    description: `Clone of environment ${environment.name}`,
    subnetIds,
    lifecycle: {
      precondition: [
        {
          condition: `\${alltrue([for vpc in ${vpcs} : vpc == "${vpcId}"])}`,
          errorMessage: `The subnets of the clone are in \${join(", ", distinct(${vpcs}))}, and target.network.vpcId is ${vpcId}. Correct target.network in the environment file and run npm run synth.`,
        },
        {
          condition: `\${length(setintersection(${storageZones}, ${zones})) >= 2}`,
          errorMessage: `The storage of the source is in the zones \${join(", ", ${storageZones})}; of those, the subnets of the clone are in \${join(", ", setintersection(${storageZones}, ${zones}))}. A clone needs subnets in two of them. Add to target.network.subnetIds one of \${join(", ", setsubtract(${storageZones}, ${zones}))} and run npm run synth; aws ec2 describe-subnets shows each subnet's AvailabilityZoneId.`,
        },
        ...(subnetCidrs === undefined ? [] : [cidrCondition(subnetCidrs, attribute('cidr_block'))]),
      ],
    },
  });
}

/** The source account cannot see the subnets, so production's rules are made of what the file says; here it is compared. */
function cidrCondition(stated: readonly string[], found: string) {
  return {
    condition: `\${length(setsubtract(${found}, ${JSON.stringify(stated)})) == 0}`,
    errorMessage: `The subnets of the clone are \${join(", ", ${found})}, and target.network.subnetCidrs names ${stated.join(', ')}: production would not let a clone in from \${join(", ", setsubtract(${found}, ${JSON.stringify(stated)}))}. Correct it, run npm run synth, and deploy the source stack first.`,
  };
}
