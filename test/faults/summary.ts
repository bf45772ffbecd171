import type { RoundResult } from './round';

export interface Totals {
  rounds: number;
  points: number;
  survived: number;
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
    survived: sum(({ points, problems }) => (problems.length === 0 ? points.length : 0)),
    shruggedOff: sum(({ shruggedOff, problems }) => (problems.length === 0 ? shruggedOff : 0)),
    rowsCompared: sum(({ counts }) => counts.rows),
    lost: sum(({ counts }) => counts.lost),
    doubled: sum(({ counts }) => counts.doubled),
  };
}

export function roundLine(result: RoundResult): string {
  const verdict = result.problems.length === 0 ? 'ok  ' : 'FAIL';
  const lines = result.points.map((point) => `  ${point}`);
  const problems = result.problems.map((problem) => `  ${problem.replaceAll('\n', '\n    ')}`);
  return [
    `${verdict} ${result.seconds.toFixed(1)} s, ${result.counts.rows} rows equal or not`,
    ...lines,
    ...problems,
  ].join('\n');
}

export function summaryText(totals: Totals, all: number, seconds: number): string {
  return [
    `points tried:   ${totals.points} of ${all}, in ${totals.rounds} rounds`,
    `survived:       ${totals.survived}, of which ${totals.shruggedOff} without a second run`,
    `rows compared:  ${totals.rowsCompared}`,
    `lost rows:      ${totals.lost}`,
    `doubled rows:   ${totals.doubled}`,
    `time:           ${Math.round(seconds)} s`,
  ].join('\n');
}
