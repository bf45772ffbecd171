import type { SourceContract } from '../../stacks/contract';
import { block, NOTHING, propose, type Proposal } from '../engine/change';
import type { SourceObservation } from '../engine/observation';

/**
 * The source's cluster parameter group. Terraform makes the group but does not
 * own the production cluster, so attaching it is ours.
 */
export function planParameterGroup(contract: SourceContract, source: SourceObservation): Proposal {
  const { name, previous } = contract.parameterGroup;
  const attached = source.cluster.parameterGroup;
  if (attached === name) return NOTHING;
  if (attached !== previous) {
    return block({
      code: 'PARAMETER_GROUP_UNEXPECTED',
      seen: `cluster ${contract.cluster.identifier} uses parameter group ${attached}; the environment says it uses ${previous}`,
      why: 'teardown puts the stated group back; with the wrong name it would change production settings',
      next: `set source.cluster.parameterGroup to ${attached} in the environment file and deploy ${contract.stacks.source} again`,
    });
  }
  if (source.parametersLost.length > 0) {
    return block({
      code: 'PARAMETERS_LOST',
      seen: `parameter group ${attached} sets ${source.parametersLost.join(', ')}; group ${name} does not`,
      why: 'attaching the new group would silently put these production settings back to their defaults',
      next: 'copy them to source.cluster.extraParameters in the environment file and deploy the source stack again',
    });
  }
  return propose([
    attachChange(contract, name, 'update', `logical replication is set in ${name}; the cluster uses ${attached}`),
  ]);
}

/** Teardown: the group that the cluster had before. */
export function planParameterGroupRestore(contract: SourceContract, source: SourceObservation): Proposal {
  const { name, previous } = contract.parameterGroup;
  if (source.cluster.parameterGroup !== name) return NOTHING;
  return propose([
    attachChange(
      contract,
      previous,
      'update',
      `put back the group the cluster used before; it takes effect at its next reboot`,
    ),
  ]);
}

function attachChange(contract: SourceContract, group: string, action: 'update', reason: string) {
  const cluster = contract.cluster.identifier;
  return {
    id: `source/parameter-group/${group}`,
    action,
    side: 'source' as const,
    reason,
    preview: [
      `rds:ModifyDBCluster DBClusterIdentifier=${cluster} DBClusterParameterGroupName=${group} ApplyImmediately=true`,
    ],
    operation: { kind: 'attach-parameter-group' as const, cluster, group },
  };
}
