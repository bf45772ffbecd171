import type { SourceContract } from '../../contract/contract';
import type { LiveView } from '../actions/live';
import type { PlanSeen } from '../actions/pending-plan';
import type { RunsView } from '../actions/runs-seen';
import type { StreamStatus } from '../actions/status';
import type { Pace } from '../model/lag-history';
import type { Past } from '../past/past';
import { standingOf, type Standing } from '../past/standing';

/** All that the page is made of. */
export interface PageView {
  readonly now: number;
  /** Seconds between two looks. */
  readonly interval: number;
  readonly live: LiveView;
  readonly source: Pick<SourceContract, 'account' | 'targetAccount' | 'cluster' | 'region'>;
  readonly past: Past;
  readonly plan: PlanSeen;
  /** What was run on the environment, as the clone keeps it. */
  readonly runs: RunsView;
  /** How the events fare that are sent, a line a receiver. */
  readonly sending: readonly SendingSeen[];
}

/** What became of the events for one receiver. */
export interface SendingSeen {
  readonly to: string;
  readonly sent: number;
  readonly waiting: number;
  readonly dropped: number;
  /** Why the last attempt did not succeed; null: it did, or there was none. */
  readonly failure: string | null;
}

export interface StreamView {
  readonly database: string;
  readonly slot: string;
  /** null: it was not seen at the last look. */
  readonly standing: Standing | null;
  readonly status: StreamStatus | null;
  readonly pace: Pace | null;
  /** As this process saw it last, where it was not seen at the last look. */
  readonly before: StreamStatus | null;
}

/** Each that the environment names, whether or not it was seen. */
export function streamViews({ live, past }: PageView): StreamView[] {
  const { sample } = live;
  return live.streams.map(({ database, slot }) => {
    const status = sample?.status.streams.find((stream) => stream.slot === slot) ?? null;
    return {
      database,
      slot,
      status,
      standing: status === null ? null : standingOf(status),
      pace: sample?.histories.get(slot)?.pace() ?? null,
      before: status === null ? (past.lastSample?.status.streams.find((stream) => stream.slot === slot) ?? null) : null,
    };
  });
}
