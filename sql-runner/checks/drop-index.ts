import { quoteIdent, quoteQualified, type QualifiedName } from '../postgres/quoting';
import type { UniqueIndex } from '../postgres/catalog/table-shapes';

/** With the foreign keys that rest on it, which the source cannot have. */
export function dropIndex(table: QualifiedName, index: UniqueIndex): string[] {
  return [
    ...index.referencedBy.map(
      (key) =>
        `ALTER TABLE ${quoteQualified({ schema: key.schema, name: key.table })} DROP CONSTRAINT ${quoteIdent(key.name)};`,
    ),
    index.constraint === null
      ? `DROP INDEX ${quoteQualified(index)};`
      : `ALTER TABLE ${quoteQualified(table)} DROP CONSTRAINT ${quoteIdent(index.constraint)};`,
  ];
}
