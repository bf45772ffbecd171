import { DataAwsVpcPeeringConnection } from '@cdktf/provider-aws/lib/data-aws-vpc-peering-connection';
import type { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';

/**
 * A peering that others have made is looked at and not touched. Either VPC may have asked for it, so the two compare as a
 * set; a route over another one AWS would refuse with an error that says the peering does not exist.
 */
export function knownPeering(scope: Construct, { source, target }: Environment, id: string): void {
  const vpcs = [source.network.vpcId, target.network.vpcId];
  new DataAwsVpcPeeringConnection(scope, 'known-peering', {
    id,
    lifecycle: {
      postcondition: [
        {
          condition: `\${toset([self.vpc_id, self.peer_vpc_id]) == toset(${JSON.stringify(vpcs)})}`,
          errorMessage: `${id} peers \${self.vpc_id} with \${self.peer_vpc_id}, and not ${vpcs.join(' with ')}. Correct network.peeringConnectionId in the environment file and run npm run synth.`,
        },
        {
          condition: '${self.status == "active"}',
          errorMessage: `${id} is \${self.status}, and nothing goes over a peering that is not active. Whoever made it has it accepted; one that expired or was deleted has to be made anew, with another id.`,
        },
      ],
    },
  });
}
