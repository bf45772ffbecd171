import type { Part } from '../../contract/row-filter';
import type { TableName } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteFilter, quoteIdent, quoteQualified } from '../postgres/text/quoting';

/**
 * A table as a publication names it. ONLY, so that a child that joined since the tables were looked at is not published
 * unseen; partitions always are.
 */
export function publishedMemberSql(
  table: TableName & Partial<Pick<CatalogTable, 'kind'>>,
  { where, columns }: Part,
): string {
  const list = columns === undefined ? '' : ` (${columns.map((name) => quoteIdent(name)).join(', ')})`;
  const only = table.kind === 'root' ? '' : 'ONLY ';
  return `${only}${quoteQualified(table)}${list}${where === undefined ? '' : ` WHERE ${quoteFilter(where)}`}`;
}
