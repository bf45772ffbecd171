import type { KeptRuns } from '../../../sql-runner/actions/kept-runs';
import type { RunsSeen, RunsView } from '../../../sql-runner/actions/runs-seen';
import type { Compared, Comparison } from '../../../sql-runner/model/comparison';
import type { RunRecord } from '../../../sql-runner/model/run-record';
import { runOf } from './runs';

const EXITS: Readonly<Record<Compared, number>> = {
  equal: 0,
  'not equal': 11,
  'not settled': 12,
  'not proven': 13,
  'not read': 1,
};

/** A verify that has ended `minutes` ago, with what it found of each database. */
export function verifyOf(
  minutes: number,
  outcomes: Readonly<Record<string, Compared>>,
  parts: Partial<RunRecord> = {},
  more: Partial<Comparison> = {},
): RunRecord {
  const [worst] = Object.values(outcomes).sort((one, other) => EXITS[other] - EXITS[one]);
  const at = (ago: number) => new Date(Date.now() - ago * 60_000).toISOString();
  const databases = Object.entries(outcomes).map(([database, outcome]) => ({
    database,
    outcome,
    tables: 3,
    equal: outcome === 'equal' ? 3 : 2,
    rows: 12_345,
  }));
  return runOf({
    mode: 'verify',
    began: at(minutes + 0.5),
    ended: at(minutes),
    outcome: worst!,
    exitCode: EXITS[worst!],
    comparison: { whole: true, databases, against: [], notCompared: [], ...more },
    ...parts,
  });
}

/** What was read of these runs just now, or so long ago. */
export function runsView(runs: readonly RunRecord[], more: Partial<RunsView> = {}): RunsView {
  const kept: KeptRuns = {
    since: '2026-01-01T00:00:00.000Z',
    closed: false,
    runs: runs.map((run) => ({ ...run, atWork: false })),
    comparisons: runs.filter(({ comparison }) => comparison !== undefined),
  };
  return { kept, at: new Date(), failure: null, ...more };
}

/** As a part of serve. */
export const runsSeen = (view: RunsView): Pick<RunsSeen, 'view' | 'keep'> => ({
  view: () => view,
  keep: () => Promise.resolve(),
});
