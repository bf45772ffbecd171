import type { TableVerdict, VerdictStatus } from '../verify/types';
import type { Style } from './style';

export type DatabaseVerdict = TableVerdict & { readonly database: string };

const COUNT = new Intl.NumberFormat('en-US');

/** One line a table, and its differences below. */
export function verdictText(verdict: DatabaseVerdict, style: Style): string {
  const name = `${verdict.database}: ${verdict.schema}.${verdict.name}`;
  const rechecked = verdict.rechecked > 0 ? `, ${COUNT.format(verdict.rechecked)} read again` : '';
  const line = `  ${paint(verdict.status, style)}  ${name}  ${style.dim(`${COUNT.format(verdict.rows)} rows${rechecked}, ${verdict.seconds.toFixed(1)} s`)}`;
  const reason = verdict.reason === undefined ? [] : [`      ${verdict.reason}`];
  const differences = verdict.differences.map(({ key, kind, sourceLsn }) => {
    const columns = Object.entries(key).map(([column, value]) => `${column} = ${value}`);
    return `      ${kind}: ${columns.join(', ')} (as of ${sourceLsn})`;
  });
  const more = verdict.moreDifferences ? ['      and more'] : [];
  return [line, ...reason, ...differences, ...more].join('\n');
}

export function verifySummary(verdicts: readonly DatabaseVerdict[], style: Style): string {
  const equal = verdicts.filter((verdict) => verdict.status === 'equal').length;
  const rows = verdicts.reduce((sum, verdict) => sum + verdict.rows, 0);
  const others = (['different', 'unsettled', 'unsupported'] as const)
    .map((status) => ({ status, count: verdicts.filter((verdict) => verdict.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`);
  const head = others.length === 0 ? style.green('Equal') : style.red('Not equal');
  return `${head}: ${equal} of ${verdicts.length} tables equal${others.map((text) => `, ${text}`).join('')}; ${COUNT.format(rows)} rows compared.`;
}

function paint(status: VerdictStatus, style: Style): string {
  const text = status.padEnd(11);
  return status === 'equal' ? style.green(text) : status === 'different' ? style.red(text) : style.yellow(text);
}
