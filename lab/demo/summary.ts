import type { Facts } from './context';
import { grouped } from './narrator';

/** The last lines: only numbers that were measured on the way. */
export function summaryLines(facts: Partial<Facts>, seconds: number): string[] {
  const lines = [
    facts.rows === undefined ? '' : `production:  ${grouped(facts.rows)} rows in ${facts.tables ?? 0} tables`,
    facts.verifiedTables === undefined
      ? ''
      : `verified:    ${facts.equalTables ?? 0} of ${facts.verifiedTables} tables equal, with writers running`,
    facts.transactions === undefined
      ? ''
      : `meanwhile:   ${grouped(facts.transactions)} transactions, ${grouped(facts.rowsChanged ?? 0)} rows changed`,
    facts.secondsToSync === undefined ? '' : `in sync:     ${facts.secondsToSync.toFixed(0)} s after the start`,
    `whole story: ${seconds.toFixed(0)} s`,
  ];
  return lines.filter((line) => line !== '');
}
