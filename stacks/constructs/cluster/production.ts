import type { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import type { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import type { ClusterContract } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';
import { addressOf } from './address';
import { adoptedCluster } from './adopted-cluster';
import { CreatedCluster } from './created-cluster';
import { productionCluster } from './production-cluster';
import { productionVpc } from './production-vpc';

/** The cluster that is cloned, whoever it belongs to. */
export interface Production {
  readonly arn: string;
  readonly port: number;
  readonly contract: ClusterContract;
  /** Expression for the names of the Availability Zones of its storage. */
  readonly zones: string;
  /** What of it the stack has in its state. */
  readonly owned: readonly TerraformResource[];
  /** Until these are there its endpoint does not answer. */
  readonly instances: readonly TerraformResource[];
}

/**
 * Production as its mode has it: only read, read and taken into the state, or made.
 * @param group undefined: its owner makes it, which is so only where it is only read
 */
export function production(
  scope: Construct,
  environment: Environment,
  group: () => RdsClusterParameterGroup | undefined,
): Production & { readonly group: RdsClusterParameterGroup | undefined } {
  if (environment.source.cluster.mode === 'create') {
    const made = group()!;
    return { ...createdProduction(scope, environment, made), group: made };
  }
  const cluster = productionCluster(scope, environment);
  productionVpc(scope, environment, cluster);
  const made = group();
  const adopted = environment.source.cluster.mode === 'adopt';
  return {
    arn: cluster.arn,
    port: cluster.port,
    contract: {
      identifier: cluster.clusterIdentifier,
      arn: cluster.arn,
      endpoint: cluster.endpoint,
      port: cluster.port,
      engineVersion: cluster.engineVersion,
      adminSecretArn: environment.source.cluster.adminSecretArn ?? cluster.masterUserSecret.get(0).secretArn,
    },
    zones: `data.aws_rds_cluster.${cluster.friendlyUniqueId}.availability_zones`,
    owned: adopted ? [adoptedCluster(scope, environment, made!.name)] : [],
    instances: [],
    group: made,
  };
}

function createdProduction(scope: Construct, environment: Environment, group: RdsClusterParameterGroup): Production {
  const created = new CreatedCluster(scope, 'production', { environment, parameterGroupName: group.name });
  const { cluster } = created;
  return {
    arn: cluster.arn,
    port: cluster.port,
    contract: {
      identifier: cluster.clusterIdentifier,
      arn: cluster.arn,
      endpoint: cluster.endpoint,
      port: cluster.port,
      engineVersion: cluster.engineVersionActual,
      adminSecretArn: cluster.masterUserSecret.get(0).secretArn,
    },
    zones: `${addressOf(cluster)}.availability_zones`,
    owned: created.resources,
    instances: created.instances,
  };
}
