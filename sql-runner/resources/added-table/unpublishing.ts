import { quoteIdent, quoteQualified } from '../../postgres/text/quoting';
import { lockForAMoment } from './lock-for-a-moment';

/**
 * What takes a table out of a publication, in one transaction. The lock keeps out who writes to it, for the moment of the
 * statement, so that each transaction that wrote to it is sent whole or not at all; whoever wants to write meanwhile waits
 * for a second at most.
 */
export function unpublishing(
  publication: string,
  table: { readonly schema: string; readonly name: string },
  partitioned: boolean,
): string[] {
  const own = `${partitioned ? '' : 'ONLY '}${quoteQualified(table)}`;
  return [
    ...lockForAMoment(table, partitioned).map(({ text }) => text),
    `ALTER PUBLICATION ${quoteIdent(publication)} DROP TABLE ${own}`,
  ];
}
