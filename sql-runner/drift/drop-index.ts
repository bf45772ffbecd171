import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { TableShape, UniqueIndex } from '../postgres/catalog/table-shapes';

/**
 * With the foreign keys that rest on it, which the source cannot have. Where it identifies the rows, whole rows do so
 * before it goes: the clone's copy of our publication publishes the table, and its server refuses UPDATE and DELETE of
 * what it could not identify, to the apply worker as well.
 */
export function dropIndex(table: TableShape, index: UniqueIndex): string[] {
  const identifies = table.identity === 'd' ? index.primary : table.identity === 'i' && index.replicaIdentity;
  return [
    ...(identifies ? [`ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY FULL;`] : []),
    ...index.referencedBy.map(
      (key) =>
        `ALTER TABLE ${quoteQualified({ schema: key.schema, name: key.table })} DROP CONSTRAINT ${quoteIdent(key.name)};`,
    ),
    index.constraint === null
      ? `DROP INDEX ${quoteQualified(index)};`
      : `ALTER TABLE ${quoteQualified(table)} DROP CONSTRAINT ${quoteIdent(index.constraint)};`,
  ];
}
