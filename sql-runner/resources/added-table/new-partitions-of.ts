import type { SourceDatabaseFacts } from '../../model/observation';
import type { StreamFacts } from '../../model/stream-state';
import type { AddedTable } from '../../model/table-notes';

/** The new partitions of a stream by their names on the source; noted already or not. */
export const newPartitionsOf = (
  { partitions }: StreamFacts,
  tables: SourceDatabaseFacts['tables'],
): (AddedTable & { readonly partition: true })[] =>
  tables.flatMap(({ oid, schema, name }) =>
    oid !== undefined && partitions.has(oid) ? [{ oid, schema, name, partition: true as const }] : [],
  );
