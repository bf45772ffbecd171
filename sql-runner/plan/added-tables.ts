import type { SourceContract } from '../../contract/contract';
import { arrivingOf, leftOf } from '../model/added-tables';
import { NOTHING, propose, type Change, type Finding, type Proposal } from '../model/change';
import type { AddedTable } from '../model/table-notes';
import type { PublicationFacts, SourceDatabaseFacts, SourceObservation, TargetObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { tableKey } from '../model/table-index';
import { selectTables } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import { continuityFinding, judgeContinuity, type Continuity } from '../resources/continuity';
import { planAltered } from '../resources/publication-drift';
import { apartFromSelection, notPublished, notReplicated, stillReplicated } from '../resources/selection-moved';
import { ownLog } from '../resources/ddl/ddl-facts';
import { drainFirst } from '../resources/ddl/drain-first';
import { changesOf, type Adding } from './added-table-changes';
import { inOrder } from '../resources/added-table/in-order';
import { refusedNewTable, refusedRenewal } from './gates/new-table';
import { selectedAgain, type SelectedAgain } from './gates/selected-again';
import { leavingChanges } from './left-table-changes';
import { leavingOf, NONE_LEAVES } from './left-tables';
import { comingPartitions, isPublished, type ComingPartitions } from './new-partitions';
import { belowEach, newRoot, withRoots } from './new-roots';
import type { NewTableFacts } from '../model/new-tables';
import type { Planning } from './resources';

/**
 * Tables that came on the source since the clone was taken, of a stream that follows and is proven: made on the clone,
 * noted in the mark, published, copied by PostgreSQL itself and compared. A table that came with the clone is never
 * copied: it has its rows. Before that, what left is taken out.
 */
export function planAddedTables(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
): Proposal {
  return planned({ contract, source, target, of, asked: null });
}

/**
 * Tables that are copied anew, by their oids: each is taken out of its stream, emptied on the clone, and added as one that
 * is new. What a run of before has begun comes along, as a refresh takes all that is published.
 */
export function planRenewed(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
  asked: ReadonlySet<number>,
): Proposal {
  return planned({ contract, source, target, of, asked });
}

interface Of {
  readonly contract: SourceContract;
  readonly source: SourceObservation;
  readonly target: TargetObservation;
  readonly of: StreamFacts;
  /** Null: what is new, and what is on its way. */
  readonly asked: ReadonlySet<number> | null;
}

function planned(all: Of): Proposal {
  const { contract, source, target, of, asked } = all;
  const facts = source.newTables?.[of.stream.subscription];
  if (facts === undefined || of.publication === null) return NOTHING;
  const { database, publication } = of;
  const tables = source.databases[database]!.tables;
  const tree = new TableTree(tables);
  const added = of.subscriptionMark!.added ?? [];
  const published = new Set(publication.tables.map(({ oid }) => oid));
  const { mayRenew, mayAdd, against } = mayBegin(all, publication);
  if (asked !== null && !mayRenew) return propose([], against);
  const leaving = mayAdd && asked === null ? leavingOf(source, target, of) : NONE_LEAVES;
  const still = asked === null ? stillReplicated(contract, of, publication, tree, leaving.deselected) : [];
  const left = new Set(
    [...leftOf(publication, of.subscriptionMark), ...leaving.deselected, ...leaving.dropped].map(({ oid }) => oid),
  );
  const unpublished = notPublished(of, publication, tree);
  const awaited = new Set(unpublished.flatMap((table) => [table, ...tree.partsOf(table)]).map(({ oid }) => oid));
  const isWanted = ({ oid }: AddedTable) => awaited.has(oid);
  const isThere = ({ oid }: AddedTable) => tables.some((table) => table.oid === oid);
  const begun = added.filter((one) => one.again === 'leaving' && isThere(one));
  const anew = new Set([...(asked ?? []), ...begun.map(({ oid }) => oid)]);
  const isRenewed = ({ oid }: { readonly oid?: number }) =>
    oid !== undefined && (anew.has(oid) || added.some((one) => one.oid === oid && one.again !== undefined));
  const wanted = [
    ...tables.filter(({ oid }) => oid !== undefined && anew.has(oid)),
    ...unpublished.filter((table) => !anew.has(table.oid ?? -1) && (asked === null || isRenewed(table))),
  ];
  const judged = wanted.map((table) => {
    const own = facts.find(({ oid }) => oid === table.oid);
    if (isRenewed(table)) return { own, findings: renewal(all, table, own), parts: null };
    // What left once, and is partitioned, has partitions with rows of then.
    const isRoot = table.kind === 'root' && !table.partition && !left.has(table.oid!);
    return isRoot ? newRoot(contract, source, of, { table, tree, facts }) : { ...fresh(all, table, own), parts: null };
  });
  const partitions = mayRenew && asked === null ? comingPartitions(contract, source, of, tree, facts) : NO_PARTITIONS;
  const isStopped = partitions.findings.length > 0;
  const isSent = ({ oid, partition }: AddedTable) => published.has(oid) || (partition === true && isPublished(of, oid));
  // As long as the clone has it, its note tells one that is made again under its name from itself.
  const taken = new Set(takenTables(target, of).map(tableKey));
  const isTaken = (one: AddedTable) => one.partition === true && taken.has(tableKey(one));
  const isBegun = partitions.making.length + partitions.copying.length > 0;
  const gone = added.filter(
    (one) =>
      (one.compared !== undefined && left.has(one.oid)) ||
      (!isSent(one) && !(one.compared === undefined ? isWanted(one) : isThere(one) || isTaken(one))),
  );
  // What is compared is settled in any case: its right is not to stay for that.
  const arrived = added.filter(
    (one) => one.compared !== undefined && one.granted !== undefined && !gone.includes(one) && !anew.has(one.oid),
  );
  // What cannot be taken would be taken beside them.
  const coming = judged.filter(
    ({ own, findings }) =>
      own !== undefined && findings.length === 0 && !isStopped && (mayAdd || (mayRenew && isRenewed(own))),
  );
  const roots = coming.flatMap(({ parts, ...one }) => (parts === null ? [] : [{ ...one, parts }]));
  // A refresh takes whatever is on its way.
  const arriving = arrivingOf(of.subscriptionMark).filter(
    (one) =>
      published.has(one.oid) &&
      !anew.has(one.oid) &&
      !isStopped &&
      (mayAdd || (mayRenew && (isBegun || isRenewed(one)))),
  );
  const adding: Adding = {
    coming: inOrder(coming.map(({ own }) => own!)),
    anew,
    arriving,
    arrived,
    forgotten: mayAdd ? gone : [],
    partitions: withRoots(partitions, roots, of),
    below: belowEach(roots),
    version: source.server.versionNum,
  };
  const refusals = [...judged.flatMap(({ findings }) => findings), ...still];
  return propose(
    [
      ...leavingChanges(contract, of, leaving),
      ...madeByDdlFirst(contract, target, of, adding),
      ...changesOf(contract, of, adding, facts),
    ],
    [
      ...partitions.findings,
      ...(mayAdd || asked !== null ? refusals : [...notReplicated(of, publication, tree), ...still]),
    ],
  );
}

const takenTables = (target: TargetObservation, { database, stream }: StreamFacts) =>
  (target.databases[database]?.taken ?? []).filter(({ subscription }) => subscription === stream.subscription);

const NO_PARTITIONS: ComingPartitions = { making: [], placing: [], copying: [], findings: [] };

/** Of one that is copied whole it does not matter what was skipped before. */
function mayBegin(
  { contract, source, target, of }: Of,
  publication: PublicationFacts,
): { readonly mayRenew: boolean; readonly mayAdd: boolean; readonly against: readonly Finding[] } {
  const { tables } = source.databases[of.database]!;
  const continuity = judgeContinuity(contract, { source, target }, of);
  const drift = planAltered(contract, of, publication, of.inherited, { tables }).findings;
  const mayRenew = continuity !== null && continuity.kind !== 'broken' && drift.length === 0;
  return {
    mayRenew,
    mayAdd: mayRenew && continuity.kind === 'proven',
    against: drift.length > 0 ? drift : brokenOf(contract, continuity),
  };
}

type CatalogTable = SourceDatabaseFacts['tables'][number];

interface Judged {
  readonly own: NewTableFacts | undefined;
  readonly findings: readonly Finding[];
}

/** One that left before comes as any new one does, into an empty table. */
function fresh({ contract, source, target, of }: Of, table: CatalogTable, found: NewTableFacts | undefined): Judged {
  const again = selectedAgain(contract, target, of, table);
  const own = asLeft(found, again);
  const refused = refusedNewTable(contract, source, of, table, own, again);
  // Nobody removes rows for a table that could not be added all the same.
  return { own, findings: refused.length > 0 ? refused : (again?.findings ?? []) };
}

/** Once it is taken out it comes back only where the environment selects it. */
function renewal({ contract, source, of }: Of, table: CatalogTable, own: NewTableFacts | undefined): Finding[] {
  const selected = selectTables(of.stream.selection, source.databases[of.database]!.tables);
  return refusedRenewal(contract, source, of, { table, selected: selected.includes(table) }, own);
}

function brokenOf(contract: SourceContract, continuity: Continuity | null): Finding[] {
  const found = continuityFinding(contract, continuity);
  return found === null ? [] : [found];
}

/** Its old rows are told of by themselves, and once it leaves in this plan it is not taken any more. */
function asLeft(own: NewTableFacts | undefined, again: SelectedAgain | null): NewTableFacts | undefined {
  if (own === undefined || own.namesake === null || again === null) return own;
  return { ...own, namesake: { ...own.namesake, hasRows: false, takenBy: null } };
}

/** Where DDL follows, a table may be on its way: made here before it came, it would stop the stream there. */
function madeByDdlFirst(
  contract: SourceContract,
  target: TargetObservation,
  of: StreamFacts,
  adding: Adding,
): Change[] {
  const made = [...adding.coming, ...adding.partitions.making];
  if (ownLog(contract, target, of) === null || made.every(({ namesake }) => namesake !== null)) return [];
  return [drainFirst(of, 'a table that DDL makes on the clone is there first; the next run goes on with that')];
}

/** Of streams whose tables that come and go are planned it is told there what becomes of each. */
export function withoutAdded({ contract, source, streams }: Planning, findings: readonly Finding[]): Finding[] {
  const told = streams.flatMap((of) =>
    source.newTables?.[of.stream.subscription] === undefined || of.publication === null
      ? []
      : apartFromSelection(contract, of, of.publication, new TableTree(source.databases[of.database]!.tables)),
  );
  const seen = new Set(told.map((finding) => `${finding.code} ${finding.seen}`));
  return findings.filter((finding) => !seen.has(`${finding.code} ${finding.seen}`));
}
