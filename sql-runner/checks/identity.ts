import type { TableFacts } from '../engine/observation';
import { quoteQualified } from '../postgres/quoting';

/** Gives its rows an identity at once, without reading or rewriting the table: its key where it has one, else whole rows. */
export function identityStatement(table: TableFacts): string {
  return `ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY ${table.usableKey ? 'DEFAULT' : 'FULL'};`;
}
