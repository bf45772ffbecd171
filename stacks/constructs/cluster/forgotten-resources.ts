import type { TerraformStack } from 'cdktf';

/** Construct of the cluster where the stack has it: one name, so that a change of mode moves nothing. */
export const PRODUCTION_CLUSTER = 'production-cluster';

/** What of production a mode can have in the state. */
const OF_PRODUCTION = ['aws_rds_cluster.production_cluster'];

/**
 * Has Terraform forget what is production's and no longer in the configuration, instead of destroying it: without this
 * block a file that goes back from adopt to existing would delete the cluster, and prevent_destroy, which leaves with the
 * resource, would not stop it (Terraform, "removed block", from 1.7 on). Where the state has none of it nothing happens.
 *
 * @param kept addresses that the stack has
 */
export function forgetsProduction(stack: TerraformStack, kept: readonly string[] = []): void {
  const forgotten = OF_PRODUCTION.filter((address) => !kept.includes(address));
  if (forgotten.length === 0) return;
  stack.addOverride(
    'removed',
    forgotten.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}
