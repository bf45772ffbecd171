import { arrivingOf } from '../../model/added-tables';
import type { StreamFacts } from '../../model/stream-state';
import { tableKey } from '../../model/table-index';
import type { TableTree } from '../../model/table-tree';
import type { CatalogTable } from '../../postgres/catalog/tables';

type Numbered = CatalogTable & { readonly oid: number };

/** What is new of tables that a stream follows: partitions that keep rows, and before these those that are partitioned again. */
export const newPartsOf = (of: StreamFacts, tree: TableTree): Numbered[] => {
  const leaves = tree.tables.flatMap((table) => (isNumbered(table) && of.partitions.has(table.oid) ? [table] : []));
  return [...newShells(of, tree, leaves), ...leaves];
};

/**
 * Partitioned tables between new partitions and what the publication names, that the clone did not come with, or that are on
 * their way; each after the one that it is a part of. One without partitions has no row, and is not looked for.
 */
function newShells(of: StreamFacts, tree: TableTree, leaves: readonly CatalogTable[]): Numbered[] {
  const named = new Set(of.publication?.tables.map(({ oid }) => oid));
  const isNamed = ({ oid }: CatalogTable) => oid !== undefined && named.has(oid);
  const arriving = new Set(arrivingOf(of.subscriptionMark).map(({ oid }) => oid));
  const known = of.inherited?.rows?.tables ?? {};
  const isNew = ({ oid }: Numbered) => known[String(oid)] === undefined || arriving.has(oid);
  const found = new Map<string, Numbered>();
  for (const leaf of leaves)
    for (const table of aboveIn(tree, leaf, isNamed))
      if (isNumbered(table) && isNew(table)) found.set(tableKey(table), table);
  return [...found.values()];
}

/** From below what is named on: what is above that the publication does not send, and it is none of ours. */
function aboveIn(tree: TableTree, table: CatalogTable, isNamed: (table: CatalogTable) => boolean): CatalogTable[] {
  const parent = table.partition ? tree.find(table.parents[0]!) : undefined;
  return parent === undefined || isNamed(parent) ? [] : [...aboveIn(tree, parent, isNamed), parent];
}

const isNumbered = (table: CatalogTable): table is Numbered => table.oid !== undefined;
