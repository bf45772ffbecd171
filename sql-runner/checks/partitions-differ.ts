import type { TableDigest } from '../postgres/catalog/table-digests';
import { displayTable } from '../model/table-selection';
import type { Found, TargetCheck } from './check';
import { arrivingIn } from './each-sent';
import { moved, place, type Placed } from '../drift/table-place';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf } from '../model/streams';

/** A table on one side, with the table that it is a partition of, or those that it inherits from. */
interface Partition extends Placed {
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
  run: (target, { contract, source, adding, renaming, renamable }) =>
    contract.links.flatMap(({ database }) => {
      const [production, clone] = [source?.databases[database], target.databases[database]];
      if (production === undefined || clone === undefined) return [];
      const sent = byName(production.sent);
      const subscriptions = streamsOf(contract).map(({ stream }) => stream.subscription);
      const isOurs = (table: TableDigest): boolean =>
        sent.has(tableKey(table)) || table.subscriptions.some((name) => subscriptions.includes(name));
      // What apply is adding, or this plan, it puts where it belongs.
      const arriving = byName(
        streamsOf(contract)
          .filter((of) => of.database === database)
          .flatMap((of) => [...(adding?.[of.stream.subscription] ?? []), ...arrivingIn(contract, of, clone)]),
      );
      const defaults = clone.definitions.filter(({ bound }) => bound === 'DEFAULT').map(({ parent }) => parent);
      const [there, here] = [byName(withParents(production.definitions)), byName(withParents(clone.definitions))];
      const renamed = [...(renaming?.[database] ?? []), ...(renamable?.[database] ?? [])];
      return [...here].flatMap(([key, own]) => {
        const theirs = there.get(key);
        if (theirs === undefined || arriving.has(key) || !isOurs(own.table) || place(theirs) === place(own)) return [];
        if (isBelowRenamed(theirs, own, renamed)) return [];
        const above = theirs.parent && here.get(tableKey(theirs.parent))?.table;
        return [finding(database, theirs, own, above && defaults.includes(above.oid) ? AFTER_OLDER : '')];
      });
    }),
};

function withParents(tables: readonly TableDigest[]): (Partition & { schema: string; name: string })[] {
  // Nothing has no number: above what has no parent nothing is found.
  const oids = new Map<number | null, TableDigest>(tables.map((table) => [table.oid, table]));
  return tables.map((table) => {
    const parent = oids.get(table.parent) ?? null;
    const inherits = table.inherits.flatMap((oid) => oids.get(oid) ?? []);
    const { schema, name, bound } = table;
    return { schema, name, table, relation: table, parent, bound, inherits };
  });
}

/** That the table above it has another name is said of that. */
const isBelowRenamed = (theirs: Partition, own: Partition, renamed: readonly number[]): boolean =>
  theirs.parent !== null &&
  theirs.parent.oid === own.parent?.oid &&
  theirs.bound === own.bound &&
  renamed.includes(theirs.parent.oid);

/** What the source took out of its default partition is in the clone's until the stream has gone on. */
const AFTER_OLDER = 'once sql-runner status shows that the clone has applied what is older, ';

function finding(database: string, theirs: Partition, own: Partition, when: string): Found {
  return {
    severity: 'block',
    seen: `table ${displayTable(own.table)} in database ${database} is ${place(theirs)} on the source and ${place(own)} on the clone`,
    why: 'DDL is not replicated: its rows show in the table above it on one side only, or the apply worker stops at values that the clone refuses',
    next: `${when}in database ${database} on the clone: ${moved(theirs, own)
      .map((text) => `${text};`)
      .join(' ')}`,
  };
}

export const partitionChecks = [partitions];
