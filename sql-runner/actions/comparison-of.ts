import { EXIT_CODES } from '../../errors/exit-codes';
import type { Compared, Comparison } from '../model/comparison';
import { displayTable } from '../model/table-selection';
import type { VerdictStatus } from '../verify/types';
import { exitOfVerification } from './exit-of-verification';
import type { Verification } from './verify';

/** Of each list; what is left out is counted. A table more is no reason for a row of megabytes. */
const MOST = 10;
const LONGEST = 300;

const WORDS: ReadonlyMap<number, Compared> = new Map([
  [EXIT_CODES.done.code, 'equal'],
  [EXIT_CODES.notEqual.code, 'not equal'],
  [EXIT_CODES.notSettled.code, 'not settled'],
  [EXIT_CODES.notInSync.code, 'not proven'],
]);

/** In a word, which goes with the exit code. */
export const outcomeOf = (found: Verification): Compared => WORDS.get(exitOfVerification(found)) ?? 'not read';

/**
 * What is kept of a verification.
 * @param databases those that were compared
 */
export function comparisonOf(found: Verification, databases: readonly string[], whole: boolean): Comparison {
  return {
    whole,
    databases: databases.map((database) => ofDatabase(found, database)),
    against: shortened(against(found)),
    notCompared: shortened(found.notCompared),
  };
}

/** A doubt does not say which database it is of: it stands against each. */
function ofDatabase({ tables, notReplicated, doubts }: Verification, database: string) {
  const own = tables.filter((verdict) => verdict.database === database);
  const left = notReplicated.filter((table) => table.database === database);
  return {
    database,
    outcome: outcomeOf({ tables: own, notReplicated: left, doubts, notCompared: [] }),
    tables: own.length + left.length,
    equal: own.filter(({ status }) => status === 'equal').length,
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
  };
}

const STATUS: Readonly<Record<Exclude<VerdictStatus, 'equal'>, string>> = {
  different: 'differs',
  unsettled: 'has not settled',
  unsupported: 'was not compared to the end',
};

function against({ tables, notReplicated, doubts }: Verification): string[] {
  const verdicts = (['different', 'unsupported', 'unsettled'] as const).flatMap((wanted) =>
    tables
      .filter(({ status }) => status === wanted)
      .map((table) => `table ${displayTable(table)} in database ${table.database} ${STATUS[wanted]}`),
  );
  const left = notReplicated.map(
    ({ database, reason, ...table }) =>
      `table ${displayTable(table)} in database ${database} is not replicated (${reason})`,
  );
  return [...verdicts, ...left, ...doubts];
}

function shortened(phrases: readonly string[]): string[] {
  const more = phrases.length - MOST;
  const shown = phrases.slice(0, MOST).map((text) => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`));
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}
