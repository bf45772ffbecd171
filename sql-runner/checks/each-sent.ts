import type { SourceContract } from '../../contract/contract';
import { arrivingOf } from '../model/added-tables';
import { ownMark } from '../model/mark';
import type { SentTable } from '../postgres/catalog/replicated-tables';
import type { Found } from './check';
import type { TableName } from '../model/observation';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf, type StreamOf } from '../model/streams';
import { unloggedIn } from './unlogged-since';
import type { SourceDatabaseSurvey, TargetDatabaseSurvey, TargetSurvey, Scope } from '../model/survey';

/** On their way into the stream: apply goes on with them. */
export function arrivingIn(
  { environment }: SourceContract,
  { stream }: StreamOf,
  { subscriptionOptions }: Pick<TargetDatabaseSurvey, 'subscriptionOptions'>,
): readonly TableName[] {
  const options = subscriptionOptions.find(({ name }) => name === stream.subscription);
  return arrivingOf(ownMark(options?.comment ?? null, 'subscription', environment));
}

/** Looks at every table that a publication of ours sends, with both of its databases; nothing where one was not read. */
export function eachSent(
  target: TargetSurvey,
  { contract, source, adding }: Scope,
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
    // What apply is adding, or this plan, is made there with it.
    const arriving = byName([...(adding?.[of.stream.subscription] ?? []), ...arrivingIn(contract, of, clone)]);
    return production.sent
      .filter((sent) => sent.publication === of.stream.publication && !arriving.has(tableKey(sent)))
      .flatMap((sent) => look(sent, of, { production, clone, onClone, unlogged, renamed, hasDefault }));
  });
}
