import type { SourceContract } from '../../contract/contract';
import { arrivingOf } from '../model/added-tables';
import { NOTHING, propose, type Change, type Finding, type Proposal } from '../model/change';
import type { AddedTable } from '../model/mark';
import type { SourceObservation, TargetObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { TableTree } from '../model/table-tree';
import { judgeContinuity } from '../resources/continuity';
import { planAltered } from '../resources/publication-drift';
import { ownLog } from '../resources/ddl/ddl-facts';
import { drainFirst } from '../resources/ddl/drain-first';
import { notPublished, notReplicated } from '../resources/selection-moved';
import { changesOf, type Adding } from './added-table-changes';
import { inOrder } from '../resources/added-table/in-order';
import { refusedNewTable } from './gates/new-table';
import type { Planning } from './resources';

/**
 * Tables that came on the source since the clone was taken, of a stream that follows and is proven: made on the clone,
 * noted in the mark, published, copied by PostgreSQL itself and compared. A table that came with the clone is never
 * copied: it has its rows.
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
  const wanted = notPublished(of, publication, tree);
  const judged = wanted.map((table) => {
    const own = facts.find(({ oid }) => oid === table.oid);
    return { own, findings: refusedNewTable(contract, source, of, table, own) };
  });
  const coming = judged.flatMap(({ own, findings }) => (own === undefined || findings.length > 0 ? [] : [own]));
  const isWanted = ({ oid }: AddedTable) => wanted.some((table) => table.oid === oid);
  const isThere = ({ oid }: AddedTable) => tables.some((table) => table.oid === oid);
  const gone = added.filter(
    (one) => !published.has(one.oid) && !(one.compared === undefined ? isWanted(one) : isThere(one)),
  );
  // What is compared is settled in any case: its right is not to stay for that.
  const arrived = added.filter((one) => one.compared !== undefined && one.granted !== undefined && !gone.includes(one));
  const fits =
    judgeContinuity(contract, { source, target }, of)?.kind === 'proven' &&
    planAltered(contract, of, publication, of.inherited, { tables }).findings.length === 0;
  if (!fits) {
    const settling = { coming: [], arriving: [], arrived, forgotten: [] };
    return propose(changesOf(contract, of, settling, facts), notReplicated(of, publication, tree));
  }
  const adding: Adding = {
    coming: inOrder(coming),
    arriving: arrivingOf(of.subscriptionMark).filter(({ oid }) => published.has(oid)),
    arrived,
    forgotten: gone,
  };
  return propose(
    [...madeByDdlFirst(contract, target, of, adding), ...changesOf(contract, of, adding, facts)],
    judged.flatMap(({ findings }) => findings),
  );
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

/** Of streams whose new tables are planned it is told there what becomes of each. */
export function withoutAdded({ source, streams }: Planning, findings: readonly Finding[]): Finding[] {
  const told = streams.flatMap((of) =>
    source.newTables?.[of.stream.subscription] === undefined || of.publication === null
      ? []
      : notReplicated(of, of.publication, new TableTree(source.databases[of.database]!.tables)),
  );
  const seen = new Set(told.map((finding) => `${finding.code} ${finding.seen}`));
  return findings.filter((finding) => !seen.has(`${finding.code} ${finding.seen}`));
}
