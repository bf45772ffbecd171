import type { Budget } from '../../contract/contract';
import type { LiveView } from '../actions/live';
import type { StreamStatus } from '../actions/status';
import { isHealthy } from '../model/health';

/** That a stream costs production more than its budget, or no more. */
export interface BudgetChange {
  readonly kind: 'budget';
  readonly at: number;
  readonly database: string;
  readonly slot: string;
  /** Of the stream. */
  readonly healthy: boolean;
  readonly exceeded: boolean;
  /** Which part of it is used, 1 being all; null: that is not known, or it costs nothing any more. */
  readonly used: number | null;
  readonly seen: string | null;
  readonly next: string | null;
}

/**
 * Tells when a budget is used up, and when it is no more, whatever else speaks against the stream: one that stood still
 * before stands no otherwise when it comes to that, and production pays all the same.
 */
export class BudgetChanges {
  private readonly over = new Set<string>();

  /** @returns of the first view that was seen, those that are over theirs */
  of({ sample, streams }: Pick<LiveView, 'sample' | 'streams'>, budget: Budget | null, at: number): BudgetChange[] {
    if (sample === null) return [];
    return streams.flatMap(({ database, slot }) => {
      const status = sample.status.streams.find((stream) => stream.slot === slot);
      const now = status === undefined ? null : exceeds(status, budget);
      if (now === null || now === this.over.has(slot)) return [];
      if (now) this.over.add(slot);
      else this.over.delete(slot);
      const problem = spent(status!);
      const [seen, next] = [problem?.seen ?? null, problem?.next ?? null];
      const healthy = isHealthy(status!);
      return [{ kind: 'budget', at, database, slot, healthy, exceeded: now, used: status!.budgetUsed, seen, next }];
    });
  }
}

const spent = ({ problems }: StreamStatus) => problems.find(({ code }) => code === 'WAL_BUDGET_EXCEEDED');

/** null: of what it is measured by something is not known, and what is known does not exceed it. */
function exceeds(status: StreamStatus, budget: Budget | null): boolean | null {
  if (spent(status) !== undefined) return true;
  if (budget === null || status.state === 'lost' || isHealthy(status)) return false;
  const bytesKnown = budget.bytes === null || status.retainedBytes !== null;
  const hoursKnown = budget.hours === null || status.lagSeconds !== null;
  return bytesKnown && hoursKnown ? false : null;
}
