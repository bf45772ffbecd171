import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { RenamedColumn, RenameFacts } from '../model/renames';
import { sameTable } from '../model/table-selection';
import type { TableName } from '../model/observation';

/** To its schema first: the server has no statement for both. */
export function nameStatements(here: TableName, there: TableName): string[] {
  const now = { schema: there.schema, name: here.name };
  return [
    ...(here.schema === there.schema
      ? []
      : [`ALTER TABLE ${quoteQualified(here)} SET SCHEMA ${quoteIdent(there.schema)}`]),
    ...(here.name === there.name ? [] : [`ALTER TABLE ${quoteQualified(now)} RENAME TO ${quoteIdent(there.name)}`]),
  ];
}

export const columnStatement = (table: TableName, { from, to }: RenamedColumn): string =>
  `ALTER TABLE ${quoteQualified(table)} RENAME COLUMN ${quoteIdent(from)} TO ${quoteIdent(to)}`;

/** As a whole, for people to read; each is carried out once the stream stands there. */
export const renameStatements = ({ here, there, columns }: RenameFacts): string[] => [
  ...(sameTable(here, there) ? [] : nameStatements(here, there)),
  ...columns.map((column) => columnStatement(there, column)),
];
