import { PHASES } from './phases';
import { nameOf, type Point } from './points';
import type { RoundResult } from './round';
import { kindsIn } from './rounds';

/** What there is to choose from: points, and faults at changes. */
export interface Choices {
  readonly points: number;
  readonly kinds: number;
}

export interface Totals {
  rounds: number;
  points: number;
  survived: number;
  notMet: number;
  shruggedOff: number;
  rowsCompared: number;
  lost: number;
  doubled: number;
}

export function totalsOf(results: readonly RoundResult[]): Totals {
  const sum = (of: (result: RoundResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return {
    rounds: results.length,
    points: sum(({ points }) => points.length),
    survived: sum(({ points, notMet, problems }) => (problems.length === 0 ? points.length - notMet.length : 0)),
    notMet: sum(({ notMet, problems }) => (problems.length === 0 ? notMet.length : 0)),
    shruggedOff: sum(({ shruggedOff, problems }) => (problems.length === 0 ? shruggedOff : 0)),
    rowsCompared: sum(({ counts }) => counts.rows),
    lost: sum(({ counts }) => counts.lost),
    doubled: sum(({ counts }) => counts.doubled),
  };
}

export function roundLine(result: RoundResult): string {
  const verdict = result.problems.length === 0 ? 'ok  ' : 'FAIL';
  const lines = result.points.map(
    (point) => `  ${nameOf(point)}${result.notMet.includes(point) ? ' (not met: the run did not send it)' : ''}`,
  );
  const problems = result.problems.map((problem) => `  ${problem.replaceAll('\n', '\n    ')}`);
  return [
    `${verdict} ${result.seconds.toFixed(1)} s, ${result.counts.rows} rows equal or not`,
    ...lines,
    ...problems,
  ].join('\n');
}

/** `prepare 210 points at 9 changes: kill 112, cut-source 84, …`, a line a phase. */
function coverage(points: readonly Point[]): string[] {
  return PHASES.map((phase) => {
    const own = points.filter((point) => point.phase === phase);
    const changes = new Set(own.map(({ step }) => step.change));
    const faults = [...new Set(own.map(({ fault }) => fault))].sort();
    const counts = faults.map((kind) => `${kind} ${own.filter(({ fault }) => fault === kind).length}`);
    return `${`${phase}:`.padEnd(16)}${own.length} points at ${changes.size} changes: ${counts.join(', ')}`;
  });
}

export function summaryText(results: readonly RoundResult[], from: Choices, seconds: number): string {
  const totals = totalsOf(results);
  const points = results.flatMap((result) => result.points);
  const met = results.flatMap(({ points: all, notMet }) => all.filter((point) => !notMet.includes(point)));
  return [
    ...coverage(points),
    `points tried:   ${totals.points} of ${from.points}, in ${totals.rounds} rounds`,
    `faults/changes: ${kindsIn(met)} of ${from.kinds}, each at one point or more`,
    `survived:       ${totals.survived}, of which ${totals.shruggedOff} without a second run`,
    `not met:        ${totals.notMet}, as the run did not send the statement this time`,
    `rows compared:  ${totals.rowsCompared}`,
    `lost rows:      ${totals.lost}`,
    `doubled rows:   ${totals.doubled}`,
    `time:           ${Math.round(seconds)} s`,
  ].join('\n');
}
