import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { PublicationFacts } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { publishedBy, sendsRows } from './published';
import { tableKey } from '../model/table-index';
import { displayTable, selectTables } from '../model/table-selection';
import type { TableTree } from '../model/table-tree';
import { type StreamOf, newClone } from '../model/streams';

/**
 * Where the environment selects other tables than the ticket has: what is published stays as it is, because the clone is
 * aligned to it. To a stream that follows a table can be added; see plan/added-tables.ts.
 */
export function apartFromSelection(
  contract: SourceContract,
  of: StreamOf,
  publication: PublicationFacts,
  tree: TableTree,
): Finding[] {
  return [...notReplicated(of, publication, tree), ...stillReplicated(contract, of, publication, tree)];
}

/** What was made, or came into the selection, after the ticket; the clone may have a table of that name all the same. */
export function notPublished(of: StreamOf, publication: PublicationFacts, tree: TableTree): CatalogTable[] {
  const published = new Set(
    [...publication.tables, ...publishedBy(publication, tree).map(({ table }) => table)].map(tableKey),
  );
  return selectTables(of.stream.selection, tree.tables).filter((table) => !isPublished(published, table, tree));
}

export function notReplicated(of: StreamOf, publication: PublicationFacts, tree: TableTree): Finding[] {
  const unpublished = notPublished(of, publication, tree);
  if (unpublished.length === 0) return [];
  return [
    {
      code: 'TABLES_NOT_REPLICATED',
      severity: 'warn',
      seen: `database ${of.database}: the environment selects ${unpublished.map(displayTable).join(', ')}, and publication ${publication.name} does not publish it`,
      why: 'what is published stays as it was when the clone was taken, until its stream follows: no change of the table reaches the clone, whatever the clone has of it',
      next: 'once its stream follows, sql-runner plan says how it is added; it is part of the next clone as well',
    },
  ];
}

/** By its own name, or with all its parts by those of the tables around it. */
function isPublished(published: ReadonlySet<string>, table: CatalogTable, tree: TableTree): boolean {
  if (published.has(tableKey(table))) return true;
  const leaves = tree.leaves(table);
  return leaves.length > 0 && leaves.every((leaf) => published.has(tableKey(leaf)));
}

/**
 * What the environment has left out since, for a reason: it goes on leaving the account.
 * @param leaving what a plan takes out of the publication
 */
export function stillReplicated(
  contract: SourceContract,
  of: StreamOf,
  publication: PublicationFacts,
  tree: TableTree,
  leaving: readonly CatalogTable[] = [],
): Finding[] {
  const wanted = [...selectTables(of.stream.selection, tree.tables), ...leaving];
  const selected = new Set(wanted.flatMap((table) => tree.leaves(table)).map(tableKey));
  const published = publishedBy(publication, tree).map(({ table }) => table);
  const left = published.filter((table) => sendsRows(table) && !selected.has(tableKey(table)));
  if (left.length === 0) return [];
  return [
    {
      code: 'STILL_REPLICATED',
      severity: 'warn',
      seen: `the environment does not select ${left.map(displayTable).join(', ')} in database ${of.database}, and publication ${publication.name} goes on publishing it`,
      why: 'the clone is aligned to what was published when it was taken: rows of it go on to the other account, which has its older rows as well',
      next: `where the clone shall have it, name it in databases[].tables of the environment file again, then cdktf deploy ${contract.stacks.source}; where it shall not, ${newClone(contract)}`,
    },
  ];
}
