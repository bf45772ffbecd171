import type { SourceContract } from '../../contract/contract';
import type { Finding, Step } from '../model/change';
import type { SourceObservation } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { ownMark } from '../model/mark';
import { membersOf } from '../resources/published';
import { displayTable } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import type { StreamOf } from '../model/streams';

/** Nothing of the way to a clone, and no repair of what is there already. */
const PREPARING: readonly Step[] = ['publish', 'slot', 'ticket'];

/**
 * What CREATE TABLE … PARTITION OF makes is published with the table above it, and has of it the primary key alone
 * (DefineRelation in tablecmds.c makes its indexes anew, and leaves REPLICA IDENTITY at its default). Without one,
 * production would refuse UPDATE and DELETE on it from its first moment, long after everybody looked.
 */
export function checkNewPartitions(
  { stacks }: SourceContract,
  { database }: StreamOf,
  selected: readonly CatalogTable[],
  tree: TableTree,
): Finding[] {
  const bare = selected.flatMap((table) => passingOnNoKey(tree, table));
  if (bare.length === 0) return [];
  return [
    {
      code: 'NEW_PARTITIONS_REFUSE_WRITES',
      severity: 'block',
      stops: PREPARING,
      seen: `in database ${database}, new partitions of ${named(bare)} would have no usable replica identity`,
      why: `${WHY} once the table is published`,
      next: `${KEY}, on the source; or name its partitions one by one, or other tables, in databases[].tables of the environment file (partitions made later are then not replicated); or, where ${OTHERWISE}, accept it with ${ACCEPT}; then, for what is changed in the file, cdktf deploy ${stacks.source}`,
    },
  ];
}

/** The same of what is published already: nothing is refused yet, and no other step hurts more for it. */
export function checkPublishedPartitions(contract: SourceContract, source: SourceObservation): Finding[] {
  return Object.entries(source.databases).flatMap(([database, { publications, tables }]) => {
    const tree = new TableTree(tables);
    const own = publications.filter(
      ({ comment, sendsChanges }) => sendsChanges && ownMark(comment, 'publication', contract.environment) !== null,
    );
    return own.flatMap((publication) => {
      const members = membersOf(publication, tree).map(({ table }) => table);
      const bare = [...new Set(members.flatMap((table) => passingOnNoKey(tree, table)))];
      return bare.length === 0 ? [] : [published(contract, database, bare)];
    });
  });
}

function published({ environment, stacks }: SourceContract, database: string, bare: readonly CatalogTable[]): Finding {
  return {
    code: 'NEW_PARTITIONS_REFUSE_WRITES',
    severity: 'warn',
    seen: `in database ${database}, new partitions of ${named(bare)} would have no usable replica identity`,
    why: `${WHY} at once, as the table is published`,
    next: `before the next partition is made, ${KEY}, on the source, then as sql-runner doctor ${environment} prints it for the clone; or see to it that ${OTHERWISE}, and accept it with ${ACCEPT}, then cdktf deploy ${stacks.source}`,
  };
}

const named = (bare: readonly CatalogTable[]): string =>
  bare.map((table) => `${displayTable(table)} (${table.keyFault})`).join(', ');

const WHY =
  'a new partition gets the primary key of its table and not its REPLICA IDENTITY: production would refuse UPDATE and DELETE on it';

const KEY =
  'give the partitioned table a primary key (with the columns of its partition keys, not deferrable, no generated column)';

const OTHERWISE = 'whoever makes a partition gives it a replica identity in the same transaction';

const ACCEPT = 'acknowledge: [NEW_PARTITIONS_REFUSE_WRITES] in the environment file';

/** The highest partitioned tables, from this one down, whose own key no partition gets. */
function passingOnNoKey(tree: TableTree, table: CatalogTable): readonly CatalogTable[] {
  if (table.kind !== 'root') return [];
  // One that some partitions lack still is a key to those that are made.
  if (table.keyFault !== null && table.keyFault !== 'an invalid primary key') return [table];
  return tree.children(table).flatMap((child) => passingOnNoKey(tree, child));
}
