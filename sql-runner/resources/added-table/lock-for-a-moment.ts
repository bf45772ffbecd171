import type { Statement } from '../../model/change';
import { quoteQualified } from '../../postgres/text/quoting';

/**
 * A lock that writers to a table wait for, one second at most. Of a partitioned one all partitions are locked by turns, each
 * of which may wait as long, while writers to those before it wait for it to end: there the statement as a whole has an end.
 */
export function lockForAMoment(
  table: { readonly schema: string; readonly name: string },
  partitioned: boolean,
): Statement[] {
  return [
    { text: `SET LOCAL lock_timeout = '1s'` },
    ...(partitioned ? [{ text: `SET LOCAL statement_timeout = '1500ms'` }] : []),
    { text: `LOCK TABLE ${partitioned ? '' : 'ONLY '}${quoteQualified(table)} IN SHARE ROW EXCLUSIVE MODE` },
    ...(partitioned ? [{ text: 'SET LOCAL statement_timeout TO DEFAULT' }] : []),
  ];
}
