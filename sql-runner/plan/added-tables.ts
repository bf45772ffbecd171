import type { SourceContract } from '../../contract/contract';
import { arrivingOf, leftOf } from '../model/added-tables';
import { NOTHING, propose, type Change, type Finding, type Proposal } from '../model/change';
import type { AddedTable } from '../model/table-notes';
import type { SourceObservation, TargetObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { TableTree } from '../model/table-tree';
import { judgeContinuity } from '../resources/continuity';
import { planAltered } from '../resources/publication-drift';
import { apartFromSelection, notPublished, notReplicated, stillReplicated } from '../resources/selection-moved';
import { ownLog } from '../resources/ddl/ddl-facts';
import { drainFirst } from '../resources/ddl/drain-first';
import { changesOf, type Adding } from './added-table-changes';
import { inOrder } from '../resources/added-table/in-order';
import { refusedNewTable } from './gates/new-table';
import { selectedAgain, type SelectedAgain } from './gates/selected-again';
import { leavingChanges } from './left-table-changes';
import { leavingOf, NONE_LEAVES } from './left-tables';
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
  const facts = source.newTables?.[of.stream.subscription];
  if (facts === undefined || of.publication === null) return NOTHING;
  const { database, publication } = of;
  const tables = source.databases[database]!.tables;
  const tree = new TableTree(tables);
  const added = of.subscriptionMark!.added ?? [];
  const published = new Set(publication.tables.map(({ oid }) => oid));
  const fits =
    judgeContinuity(contract, { source, target }, of)?.kind === 'proven' &&
    planAltered(contract, of, publication, of.inherited, { tables }).findings.length === 0;
  const leaving = fits ? leavingOf(source, target, of) : NONE_LEAVES;
  const still = stillReplicated(contract, of, publication, tree, leaving.deselected);
  const left = new Set(
    [...leftOf(publication, of.subscriptionMark), ...leaving.deselected, ...leaving.dropped].map(({ oid }) => oid),
  );
  const wanted = notPublished(of, publication, tree);
  const judged = wanted.map((table) => {
    const again = selectedAgain(contract, target, of, table);
    const own = asLeft(
      facts.find(({ oid }) => oid === table.oid),
      again,
    );
    const refused = refusedNewTable(contract, source, of, table, own, again);
    // Nobody removes rows for a table that could not be added all the same.
    const findings = refused.length > 0 ? refused : (again?.findings ?? []);
    return { own, findings };
  });
  const coming = judged.flatMap(({ own, findings }) => (own === undefined || findings.length > 0 ? [] : [own]));
  const isWanted = ({ oid }: AddedTable) => wanted.some((table) => table.oid === oid);
  const isThere = ({ oid }: AddedTable) => tables.some((table) => table.oid === oid);
  const gone = added.filter(
    (one) =>
      (one.compared !== undefined && left.has(one.oid)) ||
      (!published.has(one.oid) && !(one.compared === undefined ? isWanted(one) : isThere(one))),
  );
  // What is compared is settled in any case: its right is not to stay for that.
  const arrived = added.filter((one) => one.compared !== undefined && one.granted !== undefined && !gone.includes(one));
  if (!fits) {
    const settling = { coming: [], arriving: [], arrived, forgotten: [] };
    const told = [...notReplicated(of, publication, tree), ...still];
    return propose(changesOf(contract, of, settling, facts), told);
  }
  const adding: Adding = {
    coming: inOrder(coming),
    arriving: arrivingOf(of.subscriptionMark).filter(({ oid }) => published.has(oid)),
    arrived,
    forgotten: gone,
  };
  return propose(
    [
      ...leavingChanges(contract, of, leaving),
      ...madeByDdlFirst(contract, target, of, adding),
      ...changesOf(contract, of, adding, facts),
    ],
    [...judged.flatMap(({ findings }) => findings), ...still],
  );
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
  if (ownLog(contract, target, of) === null || adding.coming.every(({ namesake }) => namesake !== null)) return [];
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
