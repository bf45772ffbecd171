import { DataAwsDbSubnetGroup } from '@cdktf/provider-aws/lib/data-aws-db-subnet-group';
import type { DataAwsRdsCluster } from '@cdktf/provider-aws/lib/data-aws-rds-cluster';
import type { Construct } from 'constructs';
import { wayOf } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';

/**
 * That the way begins where the cluster is: another VPC of the account would be peered, and production's route tables
 * cannot lead there. Of a way that no stack makes nothing is made of the id.
 */
export function productionVpc(scope: Construct, environment: Environment, cluster: DataAwsRdsCluster): void {
  if (wayOf(environment).kind === 'existing') return;
  const { vpcId } = environment.source.network;
  new DataAwsDbSubnetGroup(scope, 'production-subnets', {
    name: cluster.dbSubnetGroupName,
    lifecycle: {
      postcondition: [
        {
          condition: `\${self.vpc_id == "${vpcId}"}`,
          errorMessage: `The source cluster ${environment.source.cluster.identifier} is in \${self.vpc_id}, by its subnet group \${self.name}, and source.network.vpcId is ${vpcId}: the way would begin in another VPC. Correct source.network in the environment file and run npm run synth.`,
        },
      ],
    },
  });
}
