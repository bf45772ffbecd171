import type { TableDigest } from '../postgres/catalog/table-digests';
import { quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { Found, TargetCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { unloggedIn } from './unlogged-since';

/** A table under one that is replicated, and the other side has none of its name. */
const ownParts: TargetCheck = {
  code: 'PARTITION_ONLY_ON_CLONE',
  stops: ['connect'],
  both: true,
  holds: 'no replicated table has a partition, or a table that inherits from it, on the clone alone',
  side: 'target',
  run: (target, { contract, source }) =>
    contract.links.flatMap(({ database }) => {
      const [production, clone] = [source?.databases[database], target.databases[database]];
      if (production === undefined || clone === undefined) return [];
      const there = byName(production.definitions);
      const unlogged = unloggedIn(production.tables);
      const oidsThere = new Set(production.definitions.map(({ oid }) => oid));
      // What came along keeps its oid: under another name the source has it as well, see tables-renamed.ts.
      const isRenamed = ({ oid, publications, subscriptions }: TableDigest): boolean =>
        oidsThere.has(oid) && publications.length + subscriptions.length > 0;
      const ours = replicatedTrees(production.definitions, byName(production.sent));
      const oids = new Map(clone.definitions.map((table) => [table.oid, table]));
      return clone.definitions.flatMap((table) => {
        if (there.has(tableKey(table)) || unlogged.has(tableKey(table)) || isRenamed(table)) return [];
        return (table.parent === null ? table.inherits : [table.parent])
          .map((oid) => oids.get(oid))
          .filter((above) => above !== undefined && ours.has(tableKey(above)))
          .map((above) => finding(database, table, above!, production.definitions));
      });
    }),
};

/** Keys of what is sent, and of the partitioned tables above it. */
function replicatedTrees(definitions: readonly TableDigest[], sent: ReadonlyMap<string, unknown>): Set<string> {
  // Nothing has no number: above what has no parent nothing is found.
  const oids = new Map<number | null, TableDigest>(definitions.map((table) => [table.oid, table]));
  const keys = new Set<string>();
  for (const table of definitions) {
    if (!sent.has(tableKey(table))) continue;
    let next: TableDigest | undefined = table;
    while (next !== undefined && !keys.has(tableKey(next))) {
      keys.add(tableKey(next));
      next = oids.get(next.parent);
    }
  }
  return keys;
}

function finding(database: string, table: TableDigest, above: TableDigest, production: readonly TableDigest[]): Found {
  const [own, parent] = [quoteQualified(table), quoteQualified(above)];
  const isPartition = table.parent !== null;
  const original = production.find((one) => tableKey(one) === tableKey(above));
  // There the source has its rows, and the clone refuses them there (ExecPartitionCheck in execMain.c).
  const stops = isPartition && production.some((one) => one.parent === original?.oid && one.bound === 'DEFAULT');
  const statement = isPartition
    ? `ALTER TABLE ${parent} DETACH PARTITION ${own};`
    : `ALTER TABLE ${own} NO INHERIT ${parent};`;
  return {
    severity: stops ? 'block' : 'warn',
    seen: `table ${displayTable(table)} in database ${database} ${isPartition ? 'is a partition of' : 'inherits from'} ${displayTable(above)} on the clone, and the source has no such table`,
    why: stops
      ? 'the source has rows of its values in the default partition, where the clone refuses them: the apply worker stops at the first'
      : `its rows show in ${displayTable(above)} on the clone, and none of them is of the source${isPartition ? '' : '; verify compares no tables that inherit'}`,
    next: `make it on the source as well, where it shall have it; else, in database ${database} on the clone: ${statement}`,
  };
}

export const partitionOnCloneChecks = [ownParts];
