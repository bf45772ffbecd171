import { arrivingOf, leftOf } from '../model/added-tables';
import type { SourceObservation, TableName, TargetObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import type { LeftTable } from '../model/table-notes';
import { tableKey } from '../model/table-index';
import { missingFromSelection, sameTable, selectedLeaves, selectTables } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import { heartbeatTable } from '../resources/heartbeat';
import { publishedBy, sendsRows } from '../resources/published';

type CatalogTable = SourceObservation['databases'][string]['tables'][number];

/** What of the tables of a stream is not, or is not to be, followed any more. */
export interface Leaving {
  /** Published, and not selected by the environment file. */
  readonly deselected: readonly (CatalogTable & { readonly oid: number })[];
  /** Of the stream, and not on the source any more. */
  readonly dropped: readonly { readonly oid: number; readonly schema: string; readonly name: string }[];
  /** Taken by the subscription, though it is not sent any more, because of one of these or of what left before. */
  readonly stale: boolean;
  /** What the mark has noted and that is so no more: it is sent as ever, or nothing is left of it on either side. */
  readonly forgotten: readonly LeftTable[];
}

export const NONE_LEAVES: Leaving = { deselected: [], dropped: [], stale: false, forgotten: [] };

/**
 * A refresh has the subscription take whatever is published by then. So nothing leaves while something is published that
 * it does not know, unless that is being added by us.
 */
export function leavingOf(source: SourceObservation, target: TargetObservation, of: StreamFacts): Leaving {
  const { publication, inherited, subscriptionMark: mark } = of;
  const facts = target.leftTables?.[of.stream.subscription];
  const taken = target.databases[of.database]?.taken?.filter(
    ({ subscription }) => subscription === of.stream.subscription,
  );
  if (publication === null || inherited === null || facts === undefined || taken === undefined) return NONE_LEAVES;
  const { tables } = source.databases[of.database]!;
  const tree = new TableTree(tables);
  const there = new Set(tables.map(({ oid }) => oid));
  const published = new Set(publication.tables.map(({ oid }) => oid));
  const sent = new Set(
    publishedBy(publication, tree)
      .map(({ table }) => table)
      .filter(sendsRows)
      .map(tableKey),
  );
  const known = new Set(taken.map(tableKey));
  const arriving = new Set(arrivingOf(mark).map(tableKey));
  const unknown = [...sent].filter((key) => !known.has(key) && !arriving.has(key));
  if (unknown.length > 0) return NONE_LEAVES;
  const left = leftOf(publication, mark);
  const deselected = deselectedIn(of, tree);
  // One that comes again is noted until it has been compared.
  const noted = new Set([...deselected, ...arrivingOf(mark)].map(({ oid }) => oid));
  const names = new Set(publication.tables.map(tableKey));
  // As long as the clone's copy of the publication names it, only the note says that it is not missed.
  const copy = target.databases[of.database]?.publications.find(({ name }) => name === publication.name);
  const listed = new Set(copy?.tables.map(({ oid }) => oid));
  const isNothing = ({ oid }: LeftTable): boolean => !there.has(oid) && !facts.some((one) => one.oid === oid);
  const isForgotten = (one: LeftTable): boolean =>
    !noted.has(one.oid) &&
    (published.has(one.oid) || isNothing(one) || (names.has(tableKey(one)) && !listed.has(one.oid)));
  const beats = heartbeatTable(of);
  return {
    deselected,
    dropped: inherited.tables.flatMap(({ oid, schema, name }) =>
      oid === undefined || published.has(oid) || there.has(oid) ? [] : [{ oid, schema, name }],
    ),
    stale:
      left.length > 0 &&
      taken.some((one) => !sent.has(tableKey(one)) && !sameTable(one, beats) && isOfLeft(one, left, tree)),
    forgotten: (mark?.left ?? []).filter(isForgotten),
  };
}

/** By its name, or that of the partitioned table above it; what is not on the source may have been a part of one. */
function isOfLeft(table: TableName, left: readonly LeftTable[], tree: TableTree): boolean {
  const own = tree.find(table);
  if (own === undefined) return true;
  const names = [own, tree.top(own)].map(tableKey);
  return left.some((one) => names.includes(tableKey(one)));
}

/**
 * One that was renamed looks as if it were selected no more where tables are named one by one, or by their schema: it is
 * followed for as long as the clone's name of it is selected, or the file names a table that the source does not have.
 */
function deselectedIn(of: StreamFacts, tree: TableTree): Leaving['deselected'] {
  const { publication, inherited, subscriptionMark: mark } = of;
  const { selection } = of.stream;
  if (missingFromSelection(selection, tree.tables).length > 0) return [];
  const wanted = new Set(selectTables(selection, tree.tables).map(tableKey));
  const leaves = new Set(selectedLeaves(selection, tree).map(tableKey));
  const arriving = new Set(arrivingOf(mark).map(({ oid }) => oid));
  const names = new Map(inherited!.tables.map((one) => [one.oid, tableKey(one)]));
  return publication!.tables.flatMap((one) => {
    const table = tree.find(one);
    if (table === undefined || one.oid === undefined || arriving.has(one.oid) || !table.mayPublish) return [];
    const isWanted = wanted.has(tableKey(table)) || tree.leaves(table).some((leaf) => leaves.has(tableKey(leaf)));
    const isRenamed = names.get(one.oid) !== tableKey(table);
    return isWanted || isRenamed ? [] : [{ ...table, oid: one.oid }];
  });
}
