import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { TableDigest } from '../postgres/catalog/table-digests';
import { ownMark } from '../model/mark';
import type { AddedTable, LeftTable } from '../model/table-notes';
import { heartbeatTable } from '../resources/heartbeat';
import { SWAPPED_WHY, swappedWords } from '../resources/swapped-tables';
import { displayTable, sameTable } from '../model/table-selection';
import type { TargetCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf, newClone } from '../model/streams';
import { unloggedIn } from './unlogged-since';
import type { TargetSurvey, Scope } from '../model/survey';

interface Moved {
  readonly database: string;
  /** The clone's table. */
  readonly here: TableDigest;
  /** What it is on the source now; null: it was dropped there. */
  readonly there: TableDigest | null;
  /** Another table that has its name on the source. */
  readonly usurper: TableDigest | null;
  /** Another table that has its new name on the clone. */
  readonly inTheWay: boolean;
  /** The clone has a table in the schema that it is in now on the source; else the schema may not be there. */
  readonly inKnownSchema: boolean;
}

/** A clone's tables have the oids of the source's: names may change hands, oids do not. */
const renamed: TargetCheck = {
  code: 'TABLE_RENAMED',
  stops: ['connect'],
  both: true,
  holds: 'replicated tables have the same names on both sides',
  side: 'target',
  run: (target, scope) =>
    moved(target, scope).flatMap(({ database, here, there, usurper, inTheWay, inKnownSchema }) => {
      if (there === null || usurper !== null || inTheWay) return [];
      if (scope.renaming?.[database]?.includes(there.oid)) return [];
      const make = inKnownSchema ? '' : ` CREATE SCHEMA IF NOT EXISTS ${quoteIdent(there.schema)};`;
      const move =
        here.schema === there.schema
          ? ''
          : `${make} ALTER TABLE ${quoteQualified(here)} SET SCHEMA ${quoteIdent(there.schema)};`;
      const now = { schema: there.schema, name: here.name };
      const rename =
        here.name === there.name ? '' : ` ALTER TABLE ${quoteQualified(now)} RENAME TO ${quoteIdent(there.name)};`;
      return [
        {
          severity: 'block',
          seen: `table ${displayTable(there)} in database ${database} is ${displayTable(here)} on the clone`,
          why: 'DDL is not replicated; the apply worker finds tables by name, and stops at the first change',
          next: scope.renamable?.[database]?.includes(there.oid)
            ? `sql-runner apply ${scope.contract.environment} renames it on the clone once its stream comes to it`
            : `in database ${database} on the clone:${move}${rename}`,
        },
      ];
    }),
};

const swapped: TargetCheck = {
  code: 'TABLE_SWAPPED',
  stops: ['connect'],
  both: true,
  holds: 'no other table has taken the place of a replicated one on the source',
  side: 'target',
  run: (target, scope) =>
    moved(target, scope).flatMap(({ database, here, there, usurper, inTheWay }) => {
      if (usurper === null && !inTheWay) return [];
      // A partition that is sent with its table, as which the clone can be given it: told as NEW_TABLE_NOT_ADDED.
      if (usurper !== null && scope.replaced?.[database]?.includes(usurper.oid)) return [];
      const names = { here: displayTable(here), there: there === null ? null : displayTable(there) };
      return [
        {
          severity: 'block',
          seen: swappedWords(database, names),
          why: SWAPPED_WHY,
          next: newClone(scope.contract),
        },
      ];
    }),
};

const dropped: TargetCheck = {
  code: 'TABLE_DROPPED_ON_SOURCE',
  both: true,
  holds: 'every table of the clone that was replicated is still on the source',
  side: 'target',
  run: (target, scope) =>
    moved(target, scope).flatMap(({ database, here, there, usurper }) => {
      if (there !== null || usurper !== null) return [];
      return [
        {
          severity: 'warn',
          seen: `table ${displayTable(here)} in database ${database} was dropped on the source, and is on the clone with its rows`,
          why: 'DDL is not replicated; of a partition, its rows show in the partitioned table as well',
          next: `unless they shall stay, in database ${database} on the clone: DROP TABLE ${quoteQualified(here)};`,
        },
      ];
    }),
};

/** Tables of ours that came with the clone and are not under their names on the source any more. */
function moved(target: TargetSurvey, scope: Scope): Moved[] {
  const { contract, source } = scope;
  return contract.links.flatMap(({ database }) => {
    const [production, clone] = [source?.databases[database], target.databases[database]];
    if (production === undefined || clone === undefined) return [];
    const streams = streamsOf(contract).filter((of) => of.database === database);
    const [there, oids] = [
      byName(production.definitions),
      new Map(production.definitions.map((one) => [one.oid, one])),
    ];
    const here = byName(clone.definitions);
    const unlogged = unloggedIn(production.tables);
    const schemas = new Set(clone.definitions.map(({ schema }) => schema));
    // Numbers of what was made on both sides since tell nothing: of what was added to a stream its mark knows that of the
    // source, and what else has one of these on the clone is another table.
    const added = byName(addedIn(clone, scope));
    const others = new Set([...added.values()].map(({ oid }) => oid));
    const numberOf = (table: TableDigest): number => added.get(tableKey(table))?.oid ?? table.oid;
    const sent = new Set(
      production.sent
        .map((table) => there.get(tableKey(table))?.oid)
        .filter((oid) => oid === undefined || !others.has(oid)),
    );
    const left = new Set(leftIn(clone, scope).map(({ oid }) => oid));
    const ours = clone.definitions.filter(
      (table) =>
        sent.has(table.oid) ||
        streams.some(
          ({ stream }) =>
            (table.publications.includes(stream.publication) && !left.has(numberOf(table))) ||
            table.subscriptions.includes(stream.subscription),
        ),
    );
    return ours.flatMap((table): Moved[] => {
      if (unlogged.has(tableKey(table))) return [];
      const [now, named] = [oids.get(numberOf(table)) ?? null, there.get(tableKey(table)) ?? null];
      if (now !== null && sameTable(now, table)) return [];
      // That of a heartbeat is told as that, with the side on which it has to be put right: HEARTBEAT_RENAMED.
      const beats = streams.map(heartbeatTable);
      if (now !== null && beats.some((beat) => sameTable(beat, now) || sameTable(beat, table))) return [];
      // Made on both sides since: oids tell nothing. A publication that came with the clone names what was there.
      const cameAlong = streams.some(({ stream }) => table.publications.includes(stream.publication));
      if (now === null && named !== null && !cameAlong) return [];
      const inTheWay = now !== null && here.has(tableKey(now));
      const inKnownSchema = schemas.has(now?.schema ?? '');
      // Not the table itself: that would be the one of its number too, under the same name.
      return [{ database, here: table, there: now, usurper: named, inTheWay, inKnownSchema }];
    });
  });
}

/** To streams of the environment, by the marks of their subscriptions. */
function addedIn({ subscriptionOptions }: TargetSurvey['databases'][string], { contract }: Scope): AddedTable[] {
  return subscriptionOptions.flatMap(
    ({ comment }) => ownMark(comment, 'subscription', contract.environment)?.added ?? [],
  );
}

/** What left a stream by our hand, and is not taken by it: what became of it on either side is nobody's business. */
function leftIn({ subscriptionOptions }: TargetSurvey['databases'][string], { contract }: Scope): LeftTable[] {
  return subscriptionOptions.flatMap(
    ({ comment }) => ownMark(comment, 'subscription', contract.environment)?.left ?? [],
  );
}

export const renamedTableChecks = [renamed, swapped, dropped];
