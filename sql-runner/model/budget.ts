import type { SourceContract } from '../../contract/contract';
/** From this part of it on it is told that a budget will be used up. */
export const NEARLY = 0.8;

/** Beside what limits the WAL that is kept: what the environment file asks for, also of a stream that is held. */
export function releaseOf({ budget }: Pick<SourceContract, 'budget'>): string[] {
  if (budget?.onBudget !== 'release') return [];
  const limits = [
    ...(budget.bytes === null ? [] : [`${Math.ceil(budget.bytes / 1_000_000)} MB not confirmed`]),
    ...(budget.hours === null ? [] : [`${budget.hours} h unread`]),
  ];
  return [
    `sql-runner serve drops the slot beyond its budget (${limits.join(' or ')}), and then only a new clone helps`,
  ];
}
