import type { Budget, SourceContract } from '../../contract/contract';
import type { Problem } from '../model/health';

/**
 * What it costs production that a stream does not follow. More WAL may be kept for its slot: from the beginning of the
 * oldest transaction of production that was open at what the clone has confirmed (restart_lsn, LogicalConfirmReceivedLocation
 * in logical.c). No clone can hurry those, and dropping its slot for them would destroy one that follows.
 */
export interface Cost {
  /** WAL in bytes that the clone has not confirmed; null: there is no slot. */
  readonly unconfirmedBytes: number | null;
  /** Since nobody reads its slot; null: somebody does, or it is not known. */
  readonly unreadSeconds: number | null;
  /** How far it is behind, at least; null: not known. */
  readonly lagSeconds: number | null;
}

/** Which part of its budget a stream has used, 1 being all of it; null: there is no budget, or nothing is known. */
export function budgetUsed(
  budget: Budget | null,
  { unconfirmedBytes, unreadSeconds, lagSeconds }: Cost,
): number | null {
  if (budget === null) return null;
  const { bytes, hours } = budget;
  const times = [unreadSeconds, lagSeconds].filter((one) => one !== null);
  const parts = [
    ...(bytes === null || unconfirmedBytes === null ? [] : [unconfirmedBytes / bytes]),
    ...(hours === null || times.length === 0 ? [] : [Math.max(...times) / 3_600 / hours]),
  ];
  return parts.length === 0 ? null : Math.max(...parts);
}

/** That the budget is used up; none where it is not, or where nobody can tell. */
export function overBudget({ budget, environment }: SourceContract, stream: string, cost: Cost): Problem[] {
  const used = budgetUsed(budget, cost);
  if (budget === null || used === null || used < 1) return [];
  return [
    {
      code: 'WAL_BUDGET_EXCEEDED',
      seen: `${stream} costs production more than its budget: ${costText(cost, budget)}`,
      why:
        budget.onBudget === 'release'
          ? 'production comes first: sql-runner serve drops its slot, and then only a new clone helps'
          : 'the WAL is on the storage of production, which goes on growing for as long as the clone does not follow',
      next: `sql-runner status ${environment} says why it does not follow; to free production at once, at the price of a new clone: sql-runner teardown ${environment}`,
    },
  ];
}

/** Why its slot is to be dropped, as the environment file asks for; null: it is not. */
export function releaseReason(budget: Budget | null, cost: Omit<Cost, 'lagSeconds'>): string | null {
  const spent = { ...cost, lagSeconds: null };
  const used = budgetUsed(budget, spent);
  return budget?.onBudget !== 'release' || used === null || used < 1 ? null : costText(spent, budget);
}

function costText({ unconfirmedBytes, unreadSeconds, lagSeconds }: Cost, { bytes, hours }: Budget): string {
  const megabytes = (value: number) => `${Math.ceil(value / 1_000_000)} MB`;
  const hoursOf = (seconds: number) => `${(seconds / 3_600).toFixed(1)} h`;
  const time = Math.max(unreadSeconds ?? 0, lagSeconds ?? 0);
  return [
    ...(bytes === null || unconfirmedBytes === null
      ? []
      : [`${megabytes(unconfirmedBytes)} of WAL not confirmed of ${megabytes(bytes)}`]),
    ...(hours === null || time === 0 ? [] : [`${hoursOf(time)} of ${hours} h`]),
  ].join(', ');
}

/** When a limit of WAL is reached at a pace, in milliseconds since 1970; null: never at this pace. */
export function reachedAt(now: number, left: number, bytesPerSecond: number | null): number | null {
  if (left <= 0) return now;
  return bytesPerSecond === null || bytesPerSecond <= 0 ? null : now + (left / bytesPerSecond) * 1_000;
}
