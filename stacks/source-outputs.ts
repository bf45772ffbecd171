import { CONTRACT_OUTPUT } from '../contract/contract';
import type { WithoutOutputs } from './backend';

/** Outputs of the source stack that the target stack reads besides the contract. */
export const SHARE_OUTPUT = 'resource_share_arn';
export const PEERING_OUTPUT = 'peering_connection_id';
export const ZONES_OUTPUT = 'storage_zone_ids';

/** What the provider takes for an id or an ARN, and AWS gives to nothing. */
const NO_PEERING = 'pcx-00000000000000000';
const NO_SHARE = 'arn:aws:ram:us-east-1:000000000000:resource-share/none';
const NO_CLUSTER = 'arn:aws:rds:us-east-1:000000000000:cluster:none';

/**
 * A source stack that was destroyed, or whose destroy got half way, leaves a state without outputs, and Terraform would
 * say "object with no attributes" of each place that refers to one. Told in one sentence instead, and a destroy of the
 * target, which needs values of the right form and uses none, goes on.
 *
 * @param stack the source stack
 * @param makesPeering whether it puts out a peering
 */
export function withoutSource(stack: string, makesPeering: boolean): WithoutOutputs {
  return {
    defaults: {
      [CONTRACT_OUTPUT]: { cluster: { arn: NO_CLUSTER, port: 5432 } },
      [SHARE_OUTPUT]: NO_SHARE,
      ...(makesPeering ? { [PEERING_OUTPUT]: NO_PEERING } : {}),
      [ZONES_OUTPUT]: [],
    },
    condition: `${makesPeering ? `self.outputs.${PEERING_OUTPUT} != "${NO_PEERING}" && ` : ''}length(self.outputs.${ZONES_OUTPUT}) > 0`,
    errorMessage: `Stack ${stack} lacks outputs: it was destroyed, not deployed to its end, or deployed by an earlier version. The clone is made from what it puts out. Run: cdktf deploy ${stack}. If the environment is to go altogether, run cdktf destroy on this stack: that needs no outputs.`,
  };
}
