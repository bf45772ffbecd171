import { OperatorError } from '../../errors/operator-error';
import type { Contracts } from '../../contract/contract';

/**
 * The two contracts of an environment must be of two clusters, each in the
 * account that the source stack says. Outputs can be mixed up: files handed
 * over with --outputs, a state that was copied.
 *
 * @throws OperatorError SAME_CLUSTER, SIDES_SWAPPED
 */
export function refuseMixedSides({ source, target }: Contracts): void {
  if (target === null) return;
  const sameAddress =
    source.cluster.endpoint === target.cluster.endpoint && source.cluster.port === target.cluster.port;
  if (source.cluster.arn === target.cluster.arn || sameAddress) {
    throw new OperatorError({
      code: 'SAME_CLUSTER',
      seen: `the outputs of ${source.stacks.source} and ${source.stacks.target} name the same cluster: ${source.cluster.arn} at ${source.cluster.endpoint}`,
      why: 'a cluster that replicates into itself would apply every change again',
      next: `cdktf deploy ${source.stacks.target}, or check the files given with --outputs`,
    });
  }
  const found = [
    source.account.accountId,
    accountOf(source.cluster.arn),
    target.account.accountId,
    accountOf(target.cluster.arn),
  ];
  const stated = [
    source.account.accountId,
    source.account.accountId,
    source.targetAccount.accountId,
    source.targetAccount.accountId,
  ];
  if (found.every((account, index) => account === stated[index])) return;
  throw new OperatorError({
    code: 'SIDES_SWAPPED',
    seen: `the source is ${source.cluster.arn} in account ${source.account.accountId}, the target ${target.cluster.arn}; the clone belongs to account ${source.targetAccount.accountId}`,
    why: 'with the sides mixed up production would be written to',
    next: `cdktf deploy ${source.stacks.source} and cdktf deploy ${source.stacks.target}, or check the files given with --outputs`,
  });
}

/** `arn:aws:rds:region:account:cluster:name` */
function accountOf(arn: string): string | undefined {
  return arn.split(':')[4];
}
