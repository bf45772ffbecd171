import type { Contracts } from '../../contract/contract';
import type { Open } from '../connections/open';
import { keptRuns, latestComparisons } from '../execute/trail-table';
import { ownMark } from '../model/mark';
import { latestRuns, runRecord, type RunRecord } from '../model/run-record';
import { runHistory } from '../postgres/catalog/run-history';
import { historyTable } from '../resources/run-history';
import { atWork, type ShownRun } from './history';

/** Of the history of runs on the clone what one looks at again and again. */
export interface KeptRuns {
  /** Nothing from before that is kept; null: nothing is kept. */
  readonly since: string | null;
  /** The login may not read it, or it is not ours. */
  readonly closed: boolean;
  /** The last ones, the latest first. */
  readonly runs: readonly ShownRun[];
  /** Of each database and outcome the latest that has compared it, the latest first. */
  readonly comparisons: readonly RunRecord[];
}

export const RUNS_SHOWN = 20;

/** By one short session on the clone; the source is not asked. */
export async function readKeptRuns(open: Open, contracts: Contracts): Promise<KeptRuns> {
  const { environment } = contracts.source;
  const connections = open(contracts);
  try {
    const session = await connections.reader(await connections.first('target'));
    const found = await runHistory(session, historyTable(environment));
    const mark = ownMark(found?.comment ?? null, 'history', environment);
    if (mark === null || found?.historyReadable !== true)
      return { since: null, closed: found !== null, runs: [], comparisons: [] };
    const runs = latestRuns(readable(await keptRuns(session, environment, RUNS_SHOWN)));
    const busy = await atWork(connections, runs);
    return {
      since: mark.since ?? null,
      closed: false,
      runs: runs.map((record) => ({ ...record, atWork: busy.includes(record.run) })),
      comparisons: latestRuns(readable(await latestComparisons(session, environment))),
    };
  } finally {
    await connections.close();
  }
}

/** Others may write there: what is none of ours is no run. */
const readable = (rows: readonly unknown[]): RunRecord[] => rows.flatMap((row) => runRecord.safeParse(row).data ?? []);
