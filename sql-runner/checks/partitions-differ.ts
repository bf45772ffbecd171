import type { Finding } from '../engine/change';
import type { TableDigest } from '../postgres/catalog/table-digests';
import { quoteQualified } from '../postgres/quoting';
import { displayTable } from '../resources/table-selection';
import type { TargetCheck } from './check';
import { byName, tableKey } from './shape-pairs';
import { allStreams } from './streams';

/** A table on one side, with the table that it is a partition of. */
interface Partition {
  readonly table: TableDigest;
  readonly parent: TableDigest | null;
}

/** Attached, detached, or for other values on one side only: its rows show in another table there, or are refused. */
const partitions: TargetCheck = {
  code: 'PARTITION_DIFFERS',
  stops: ['connect'],
  both: true,
  holds: 'partitions belong to the same tables, for the same values, on both sides',
  side: 'target',
  run: (target, { contract, source }) =>
    contract.links.flatMap(({ database }) => {
      const [production, clone] = [source?.databases[database], target.databases[database]];
      if (production === undefined || clone === undefined) return [];
      const sent = byName(production.sent);
      const subscriptions = allStreams(contract).map(({ stream }) => stream.subscription);
      const isOurs = (table: TableDigest): boolean =>
        sent.has(tableKey(table)) || table.subscriptions.some((name) => subscriptions.includes(name));
      const [there, here] = [byName(withParents(production.definitions)), byName(withParents(clone.definitions))];
      return [...here].flatMap(([key, own]) => {
        const theirs = there.get(key);
        if (theirs === undefined || !isOurs(own.table) || place(theirs) === place(own)) return [];
        return [finding(database, theirs, own)];
      });
    }),
};

function withParents(tables: readonly TableDigest[]): (Partition & { schema: string; name: string })[] {
  const oids = new Map(tables.map((table) => [table.oid, table]));
  return tables.map((table) => {
    const parent = table.parent === null ? null : (oids.get(table.parent) ?? null);
    return { schema: table.schema, name: table.name, table, parent };
  });
}

const place = ({ table, parent }: Partition): string =>
  parent === null ? 'no partition' : `a partition of ${displayTable(parent)} ${table.bound}`;

function finding(database: string, theirs: Partition, own: Partition): Finding {
  const name = quoteQualified(own.table);
  const detach = own.parent === null ? [] : [`ALTER TABLE ${quoteQualified(own.parent)} DETACH PARTITION ${name};`];
  const attach =
    theirs.parent === null
      ? []
      : [`ALTER TABLE ${quoteQualified(theirs.parent)} ATTACH PARTITION ${name} ${theirs.table.bound};`];
  return {
    code: 'PARTITION_DIFFERS',
    severity: 'block',
    seen: `table ${displayTable(own.table)} in database ${database} is ${place(theirs)} on the source and ${place(own)} on the clone`,
    why: 'DDL is not replicated: its rows show in the partitioned table on one side only, or the apply worker stops at values that the clone refuses',
    next: `in database ${database} on the clone: ${[...detach, ...attach].join(' ')}`,
  };
}

export const partitionChecks = [partitions];
