import { describePart } from '../../contract/row-filter';
import { outcomeOf } from '../actions/comparison-of';
import type { DatabaseVerdict, Verification } from '../actions/verify';
import { displayTable } from '../model/table-selection';
import type { VerdictStatus } from '../verify/types';
import type { Style } from './style';
import { wrapped } from './wrapped';

const COUNT = new Intl.NumberFormat('en-US');

/** One line a table, and its differences below. */
export function verdictText(verdict: DatabaseVerdict, style: Style): string {
  const name = `${verdict.database}: ${displayTable(verdict)}`;
  const rechecked = verdict.rechecked > 0 ? `, ${COUNT.format(verdict.rechecked)} read again` : '';
  const line = `  ${paint(verdict.status, style)}  ${name}  ${style.dim(`${COUNT.format(verdict.rows)} rows${rechecked}, ${verdict.seconds.toFixed(1)} s`)}`;
  const code = verdict.code === undefined ? '' : `${verdict.code}: `;
  const reason = verdict.reason === undefined ? [] : [`      ${code}${verdict.reason}`];
  const differences = verdict.differences.map(({ key, kind, sourceLsn }) => {
    const columns = Object.entries(key).map(([column, value]) => `${column} = ${value}`);
    return `      ${kind}: ${columns.join(', ')} (as of ${sourceLsn})`;
  });
  const more = verdict.moreDifferences ? ['      and more'] : [];
  const part =
    verdict.part === undefined ? [] : wrapped('     ', `of this table only: ${describePart(verdict.part)}`, 6);
  return [line, ...part, ...reason, ...differences, ...more].join('\n');
}

/** @param wayOut of tables that differ */
export function verifySummary(result: Verification, style: Style, wayOut: string): string {
  const { tables, notReplicated, doubts, notCompared } = result;
  const equal = tables.filter((verdict) => verdict.status === 'equal').length;
  const rows = tables.reduce((sum, verdict) => sum + verdict.rows, 0);
  const others = (['different', 'unsettled', 'unsupported'] as const)
    .map((status) => ({ status, count: tables.filter((verdict) => verdict.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `, ${count} ${status}`);
  const parts = tables.filter(({ part }) => part !== undefined).length;
  const inPart = parts === 0 ? '' : `, ${parts} of them only in part`;
  const left = notReplicated.length === 0 ? '' : `, ${notReplicated.length} not replicated`;
  const total = tables.length + notReplicated.length;
  return [
    `${head(result, style)}: ${equal} of ${total} tables equal${inPart}${others.join('')}${left}; ${COUNT.format(rows)} rows compared.`,
    ...notReplicated.map(
      ({ database, reason, ...table }) => `  not replicated: ${database}: ${displayTable(table)} (${reason})`,
    ),
    ...doubts.map((doubt) => `  not proven: ${doubt}`),
    ...notCompared.map((phrase) => `  not compared: ${phrase}`),
    ...(tables.some(({ status }) => status === 'different')
      ? wrapped('  What to do:', `rows that differ stay so, whatever rows arrive later; ${wayOut}`, 4)
      : []),
  ].join('\n');
}

/** In the word that goes with the exit code: rows in motion, or under a doubt, are not called different, nor equal. */
function head(result: Verification, style: Style): string {
  const outcome = outcomeOf(result);
  const words = `${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`;
  return outcome === 'equal' ? style.green(words) : style.red(words);
}

function paint(status: VerdictStatus, style: Style): string {
  const text = status.padEnd(11);
  return status === 'equal' ? style.green(text) : status === 'different' ? style.red(text) : style.yellow(text);
}
