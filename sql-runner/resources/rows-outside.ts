import type { Statement } from '../model/change';
import type { PublicationFacts } from '../model/observation';
import { quoteFilter, quoteQualified } from '../postgres/text/quoting';

/**
 * A clone of the storage has every row. Of one that was outside of the filter then nothing is sent, and once it comes into
 * it, it is sent as INSERT (manual, "Row Filters": UPDATE transformations): it would meet its own old row on the clone,
 * and stop the stream. So such rows are deleted before the stream begins, in the transaction that makes the subscription:
 * where that is there, they are gone. The condition is the one that the clone itself came with, so it is the one that is
 * sent by from the seed LSN on.
 *
 * As the apply worker does it: a trigger of the clone that writes elsewhere would make other tables differ. Foreign keys
 * that refer to the table are refused before anything is published; see plan/gates/table-parts.ts.
 */
export function deleteRowsOutside(inherited: Pick<PublicationFacts, 'tables'>): Statement[] {
  const deletions = inherited.tables.flatMap((table) =>
    table.filter === undefined
      ? []
      : [{ text: `DELETE FROM ONLY ${quoteQualified(table)} WHERE ${quoteFilter(table.filter)} IS NOT TRUE` }],
  );
  if (deletions.length === 0) return [];
  return [
    { text: 'SET LOCAL session_replication_role = replica' },
    ...deletions,
    { text: 'SET LOCAL session_replication_role = origin' },
  ];
}
