import type { Budget } from '../../contract/contract';
import type { LiveView } from '../actions/live';
import type { StreamStatus } from '../actions/status';
import { NEARLY } from '../model/budget';
import { isHealthy } from '../model/health';

type Level = 'within' | 'near' | 'over';

/** That a stream costs production more than its budget, nearly as much, or no more. */
export interface BudgetChange {
  readonly kind: 'budget';
  readonly at: number;
  readonly database: string;
  readonly slot: string;
  /** Of the stream. */
  readonly healthy: boolean;
  readonly exceeded: boolean;
  /** Not all of it is used, and most is. */
  readonly near: boolean;
  /** Which part of it is used, 1 being all; null: that is not known, or it costs nothing any more. */
  readonly used: number | null;
  readonly seen: string | null;
  readonly next: string | null;
}

/**
 * Tells when a budget is used up, or nearly so, and when it is no more, whatever else speaks against the stream: one that stood still
 * before stands no otherwise when it comes to that, and production pays all the same.
 */
export class BudgetChanges {
  private readonly levels = new Map<string, Level>();

  /** @returns of the first view that was seen, those that are over theirs */
  of({ sample, streams }: Pick<LiveView, 'sample' | 'streams'>, budget: Budget | null, at: number): BudgetChange[] {
    if (sample === null) return [];
    return streams.flatMap(({ database, slot }) => {
      const status = sample.status.streams.find((stream) => stream.slot === slot);
      const now = status === undefined ? null : levelOf(status, budget);
      if (status === undefined || now === null || now === (this.levels.get(slot) ?? 'within')) return [];
      this.levels.set(slot, now);
      const { seen, next } = saidOf(status, now, budget);
      const [healthy, exceeded, near, used] = [isHealthy(status), now === 'over', now === 'near', status.budgetUsed];
      return [{ kind: 'budget', at, database, slot, healthy, exceeded, near, used, seen, next }];
    });
  }
}

function levelOf(status: StreamStatus, budget: Budget | null): Level | null {
  const exceeded = exceeds(status, budget);
  if (exceeded === true) return 'over';
  // What is known suffices to warn, whatever else is not.
  if (budget !== null && status.state !== 'lost' && (status.budgetUsed ?? 0) >= NEARLY) return 'near';
  return exceeded === null ? null : 'within';
}

function saidOf(status: StreamStatus, level: Level, budget: Budget | null): Pick<BudgetChange, 'seen' | 'next'> {
  const problem = spent(status);
  if (level !== 'near') return { seen: problem?.seen ?? null, next: problem?.next ?? null };
  const then = budget?.onBudget === 'release' ? 'sql-runner serve drops its slot then, and only a new clone helps' : '';
  return {
    seen: `${Math.floor(100 * status.budgetUsed!)} % of its budget is used up${then === '' ? '' : `; ${then}`}`,
    next: 'sql-runner status says why it does not follow; or allow it more with budget in the environment file',
  };
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
