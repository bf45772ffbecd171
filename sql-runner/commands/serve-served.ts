import type { BudgetKeeper } from '../actions/budget-keeper';
import type { Live, Looking } from '../actions/live';
import type { PendingPlan } from '../actions/pending-plan';
import type { RunsSeen } from '../actions/runs-seen';
import { BudgetChanges } from '../past/budget-changes';
import { Changes } from '../past/changes';
import { Follow } from '../past/follow';
import type { Past } from '../past/past';
import type { Outbox } from '../events/outbox';
import { Telling } from '../events/telling';
import type { Served } from './serve-answers';

export interface ServeParts {
  readonly live: Live;
  readonly looking: Pick<Looking, 'source'>;
  readonly past: Past;
  readonly plan: PendingPlan;
  readonly runs: Pick<RunsSeen, 'view' | 'keep'>;
  /** Seconds. */
  readonly interval: number;
  /** To whom changes are sent. */
  readonly outboxes: readonly Outbox[];
  readonly budget: BudgetKeeper;
}

/** What whoever asks is answered from. */
export function servedBy({ live, looking, past, plan, runs, interval, outboxes }: ServeParts): Served {
  return {
    view: () => live.view(),
    page: () => ({
      now: Date.now(),
      interval,
      live: live.view(),
      source: looking.source,
      past,
      plan: plan.view(),
      runs: runs.view(),
      sending: outboxes.map((outbox) => outbox.view()),
    }),
  };
}

/**
 * Keeps what each look saw, sends what has changed, and has a plan made, the history of runs read or a slot released where
 * it is time for that.
 */
export function following({ live, past, plan, runs, looking, outboxes, budget }: ServeParts): Follow {
  const changes = new Changes();
  const budgets = new BudgetChanges();
  let changedAt = 0;
  const telling = new Telling(looking.source.environment, (event) => outboxes.forEach((outbox) => outbox.put(event)));
  return new Follow(
    () => live.view(),
    (view, at) => {
      const changed = changes.of(view, at);
      past.note(view, changed, at);
      telling.note(view, [...changed, ...budgets.of(view, looking.source.budget, at)], at);
      if (changed.length > 0) changedAt = at;
      if (view.sample === null) return;
      void plan.keep(at, changedAt);
      void runs.keep(view.sample.status.clone === 'deployed', (run, seenAt) => telling.verified(run, seenAt), at);
      void budget.keep(looking.source, view.sample.status, at);
    },
    (at) => telling.again(at),
  );
}
