import type { AddedTable } from '../../model/table-notes';
import { quoteIdent, quoteQualified } from '../../postgres/text/quoting';

/** What takes back the rights that the replication role was given for copies of these tables, under their names. */
export function takenBack(role: string, tables: readonly Omit<AddedTable, 'compared'>[]): string[] {
  const from = quoteIdent(role);
  const schemas = new Set(tables.filter(({ granted }) => granted?.usage === true).map(({ schema }) => schema));
  return [
    ...tables
      .filter(({ granted }) => granted?.select === true)
      .map((table) => `REVOKE SELECT ON ${quoteQualified(table)} FROM ${from}`),
    ...[...schemas].map((schema) => `REVOKE USAGE ON SCHEMA ${quoteIdent(schema)} FROM ${from}`),
  ];
}
