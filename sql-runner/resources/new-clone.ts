import type { SourceContract } from '../../stacks/contract';

/** What to do when a clone can no longer be aligned: the order of commands that makes a new one. */
export function newClone(contract: SourceContract): string {
  const { environment, stacks } = contract;
  return `make a new clone: sql-runner reset ${environment}, then cdktf deploy ${stacks.target}, then sql-runner apply ${environment}`;
}
