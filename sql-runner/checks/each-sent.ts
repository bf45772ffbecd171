import type { SentTable } from '../postgres/catalog/replicated-tables';
import type { Found } from './check';
import type { TableName } from '../model/observation';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf, type StreamOf } from '../model/streams';
import { unloggedIn } from './unlogged-since';
import type { SourceDatabaseSurvey, TargetDatabaseSurvey, TargetSurvey, Scope } from '../model/survey';

/** Looks at every table that a publication of ours sends, with both of its databases; nothing where one was not read. */
export function eachSent(
  target: TargetSurvey,
  { contract, source }: Scope,
  look: (
    sent: SentTable,
    of: StreamOf,
    sides: {
      production: SourceDatabaseSurvey;
      clone: TargetDatabaseSurvey;
      onClone: (table: TableName) => boolean;
      /** Whether the clone has it, and writes no WAL of it. */
      unlogged: (table: TableName) => boolean;
      /** Whether the clone has the very table, under another name. */
      renamed: (table: TableName) => boolean;
      /** Whether it has a default partition on the clone. */
      hasDefault: (table: TableName) => boolean;
    },
  ) => Found[],
): Found[] {
  return streamsOf(contract).flatMap((of) => {
    const [production, clone] = [source?.databases[of.database], target.databases[of.database]];
    if (production === undefined || clone === undefined) return [];
    const there = byName(clone.definitions);
    const onClone = (table: TableName): boolean => there.has(tableKey(table));
    const [oids, sources] = [new Set(clone.definitions.map(({ oid }) => oid)), byName(production.definitions)];
    const renamed = (table: TableName): boolean => oids.has(sources.get(tableKey(table))?.oid ?? 0);
    const without = unloggedIn(clone.tables);
    const unlogged = (table: TableName): boolean => without.has(tableKey(table));
    const ofRest = clone.definitions.filter(({ bound }) => bound === 'DEFAULT');
    const defaults = new Set(ofRest.map(({ parent }) => parent));
    const hasDefault = (table: TableName): boolean => defaults.has(there.get(tableKey(table))?.oid ?? 0);
    return production.sent
      .filter(({ publication }) => publication === of.stream.publication)
      .flatMap((sent) => look(sent, of, { production, clone, onClone, unlogged, renamed, hasDefault }));
  });
}
