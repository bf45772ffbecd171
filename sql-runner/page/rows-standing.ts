import type { DatabaseCompared } from '../model/comparison';
import type { RunRecord } from '../model/run-record';
import type { PageView } from './page-view';

/** A comparison of one database, and the run that made it. */
export interface ComparedBy extends DatabaseCompared {
  readonly run: RunRecord;
}

/** What is kept of how the rows of one database were compared. */
export interface RowsStanding {
  readonly database: string;
  /** The last comparison; null: none is kept. */
  readonly last: ComparedBy | null;
  /** The last that found rows that differ, where none has found them equal since then. */
  readonly differs: ComparedBy | null;
}

/** Of each database that the environment names. */
export function rowsStandings({ live, runs }: Pick<PageView, 'live' | 'runs'>): RowsStanding[] {
  const databases = [...new Set(live.streams.map(({ database }) => database))];
  return databases.map((database) => {
    const found = (runs.kept?.comparisons ?? []).flatMap((run) => comparedBy(run, database));
    const last = latest(found);
    // Rows in motion, and a doubt, take nothing back.
    const judged = latest(found.filter(({ outcome }) => outcome === 'equal' || outcome === 'not equal'));
    return { database, last, differs: judged?.outcome === 'not equal' ? judged : null };
  });
}

function comparedBy(run: RunRecord, database: string): ComparedBy[] {
  const own = run.comparison?.databases.find((one) => one.database === database);
  return own === undefined || run.ended === null ? [] : [{ ...own, run }];
}

/** The rows stood so when it began, at the earliest: of two at once the one that began later says more. */
function latest(found: readonly ComparedBy[]): ComparedBy | null {
  return found.reduce<ComparedBy | null>(
    (one, other) => (one === null || Date.parse(other.run.began) > Date.parse(one.run.began) ? other : one),
    null,
  );
}
