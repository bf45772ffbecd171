import type { Live, Looking } from '../actions/live';
import type { PendingPlan } from '../actions/pending-plan';
import { Changes } from '../past/changes';
import { Follow } from '../past/follow';
import type { Past } from '../past/past';
import type { SendingSeen } from '../page/page-view';
import type { Served } from './serve-answers';

export interface ServeParts {
  readonly live: Live;
  readonly looking: Pick<Looking, 'source'>;
  readonly past: Past;
  readonly plan: PendingPlan;
  /** Seconds. */
  readonly interval: number;
  readonly sending: () => readonly SendingSeen[];
}

/** What whoever asks is answered from. */
export function servedBy({ live, looking, past, plan, interval, sending }: ServeParts): Served {
  return {
    view: () => live.view(),
    page: () => ({
      now: Date.now(),
      interval,
      live: live.view(),
      source: looking.source,
      past,
      plan: plan.view(),
      sending: sending(),
    }),
  };
}

/** Keeps what each look saw, and has a plan made where it is time for one. */
export function following({ live, past, plan }: ServeParts): Follow {
  const changes = new Changes();
  return new Follow(
    () => live.view(),
    (view, at) => {
      past.note(view, changes.of(view, at), at);
      if (view.sample !== null) void plan.keep(at);
    },
  );
}
