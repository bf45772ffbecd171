import type { History, HistorySource, ShownRun } from '../actions/history';
import type { Style } from './style';

const HEAD = ['began (UTC)', 'run', 'mode', 'outcome', 'made', 'by'];
/** The outcome and who it was have what is left of 80 columns. */
const OUTCOME = 23;
const BY = 11;

/** One line a run, the latest first, and where they are kept. */
export function historyText({ environment, sources, runs, more }: History, style: Style): string {
  const rows = runs.map(cells);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return [
    `Runs on environment ${style.bold(environment)} that may have changed something, or compared rows:`,
    ...(sources.length === 0 ? ['  there is no clone to keep them on; --history-file FILE reads a file'] : []),
    ...sources.map((source) => style.dim(`  ${whereText(source)}`)),
    ...(rows.length === 0 ? [] : ['', style.dim(line(HEAD))]),
    ...rows.map((row, index) => paint(runs[index]!, line(row), style)),
    ...(more === 0 ? [] : [style.dim(`and ${more} before; --limit shows more`)]),
    ...(runs.some(isLost) ? ['not ended: it was killed, or its end could not be written'] : []),
  ].join('\n');
}

function whereText({ kind, name, since, runs, unreadable, problem }: HistorySource): string {
  const where = kind === 'clone' ? `on the clone ${name}` : `in ${name}`;
  if (problem !== null) return `${where}: not read: ${problem}`;
  const kept = since === null ? 'nothing is kept' : `${runs} kept since ${minute(since)}`;
  const whole = unreadable === 0 ? '' : `; ${unreadable} entries cannot be read`;
  return `${where}: ${kept}${whole}${kind === 'clone' ? ' (a new clone begins anew)' : ''}`;
}

function cells(run: ShownRun): string[] {
  return [
    minute(run.began),
    run.run.slice(0, 8),
    run.mode,
    cut(outcomeText(run), OUTCOME),
    run.mode === 'verify' ? '' : madeText(run),
    cut(run.who.user, BY),
  ];
}

/** How many of its changes were made. */
export const madeText = ({ changes }: Pick<ShownRun, 'changes'>): string =>
  `${changes.filter(({ outcome }) => outcome === 'made').length}/${changes.length}`;

/** Of a verify with how many of its tables are equal. */
export function outcomeText(run: ShownRun): string {
  if (run.atWork) return 'at work';
  if (run.ended === null) return 'not ended';
  const { outcome, code, comparison } = run;
  const sum = (of: 'equal' | 'tables') => comparison!.databases.reduce((total, one) => total + one[of], 0);
  const besides = comparison === undefined ? code : `${sum('equal')}/${sum('tables')}`;
  return besides === null ? outcome! : `${outcome} ${besides}`;
}

const isLost = (run: ShownRun): boolean => run.ended === null && !run.atWork;

function paint(run: ShownRun, text: string, style: Style): string {
  if (run.exitCode === 0) return text;
  return run.atWork ? style.yellow(text) : style.red(text);
}

const minute = (at: string): string => at.slice(0, 16).replace('T', ' ');

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
