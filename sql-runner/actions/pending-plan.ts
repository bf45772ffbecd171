import type { OperatorError } from '../../errors/operator-error';
import { explain } from '../explain/explain';
import type { Plan } from '../model/plan';

/** What apply would do, as of some minutes ago. */
export interface PlanSeen {
  /** null: none was made yet, or none could be made. */
  readonly plan: Plan | null;
  /** Why the last one could not be made. */
  readonly failure: OperatorError | null;
  /** When it was tried last; null: not yet. */
  readonly at: Date | null;
  /** Minutes between two; 0: none is made. */
  readonly every: number;
}

/** A state that flaps is no reason to read all of production more often. */
const AFTER_CHANGE_MS = 60_000;

/** Reads more of production than a look does, so it is made at a slower pace, however often somebody asks. */
export class PendingPlan {
  private seen: Omit<PlanSeen, 'every'> = { plan: null, failure: null, at: null };
  private making = false;

  /**
   * @param make see LiveLook
   * @param every minutes; 0: never
   */
  constructor(
    private readonly make: () => Promise<Plan>,
    private readonly every: number,
  ) {}

  view(): PlanSeen {
    return { ...this.seen, every: this.every };
  }

  /**
   * Makes one where it is time for it.
   * @param changedAt when a stream was last seen to stand otherwise: what was planned before need not be so any more
   */
  async keep(now = Date.now(), changedAt = 0): Promise<void> {
    const { at } = this.seen;
    const pace = at !== null && changedAt > at.getTime() ? AFTER_CHANGE_MS : this.every * 60_000;
    if (this.making || this.every === 0 || (at !== null && now - at.getTime() < pace)) return;
    this.making = true;
    try {
      const plan = await this.make();
      this.seen = { plan, failure: null, at: new Date(Date.now()) };
    } catch (cause) {
      // One of before says nothing of what stands now.
      this.seen = { plan: null, failure: explain(cause), at: new Date(Date.now()) };
    } finally {
      this.making = false;
    }
  }
}
