import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import type { Construct } from 'constructs';
import { parameterGroupName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import type { Side } from '../../../contract/contract';
import { literals } from './literals';
import type { Parameters } from './sizing';

/**
 * A cluster parameter group for logical replication. Its parameters take effect
 * at a reboot: the ones this stack computes are all static, and RDS refuses
 * `immediate` for static ones.
 */
export function logicalReplicationGroup(
  scope: Construct,
  environment: Environment,
  side: Side,
  parameters: Parameters,
): RdsClusterParameterGroup {
  const { majorVersion } = environment.source.cluster;
  return new RdsClusterParameterGroup(scope, 'logical-replication', {
    name: parameterGroupName(environment.name, side, majorVersion),
    family: `aurora-postgresql${majorVersion}`,
    description: `Logical replication of environment ${environment.name}, ${side} side`,
    parameter: Object.entries(parameters)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => ({ name, value: literals(value), applyMethod: 'pending-reboot' })),
  });
}
