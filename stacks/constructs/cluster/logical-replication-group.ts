import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import type { Construct } from 'constructs';
import { parameterGroupName } from '../../../contract/naming';
import { applyMethod } from '../../../environments/parameters/apply-method';
import { parameterSettings } from '../../../environments/parameters/setting';
import type { Environment } from '../../../environments/schema';
import type { Side } from '../../../contract/contract';
import { literals } from './literals';
import type { Parameters } from './sizing';

/**
 * A cluster parameter group for logical replication. What can be applied at
 * once is; the rest, which is all that this stack computes itself, waits for a
 * restart that sql-runner asks consent for.
 */
export function logicalReplicationGroup(
  scope: Construct,
  environment: Environment,
  side: Side,
  parameters: Parameters,
): RdsClusterParameterGroup {
  const { majorVersion, extraParameters } = environment.source.cluster;
  const ofClone = side === 'target' ? environment.target.clone.extraParameters : {};
  const settings = parameterSettings({ ...extraParameters, ...ofClone });
  const stated = new Map(settings.map((setting) => [setting.name, setting.applyMethod]));
  return new RdsClusterParameterGroup(scope, 'logical-replication', {
    name: parameterGroupName(environment.name, side, majorVersion),
    family: `aurora-postgresql${majorVersion}`,
    description: `Logical replication of environment ${environment.name}, ${side} side`,
    parameter: Object.entries(parameters)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => ({
        name,
        value: literals(value),
        applyMethod: stated.get(name) ?? applyMethod(name, majorVersion),
      })),
  });
}
