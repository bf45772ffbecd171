import type { SourceContract } from '../../contract/contract';
import { arrivingOf } from '../model/added-tables';
import { NOTHING, propose, type Finding, type Proposal } from '../model/change';
import type { AddedTable } from '../model/mark';
import type { NewTableFacts } from '../model/new-tables';
import type { SourceObservation, TargetObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { selectTables } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import { continuityFinding, judgeContinuity, type Continuity } from '../resources/continuity';
import type { CatalogTable } from '../postgres/catalog/tables';
import { planAltered } from '../resources/publication-drift';
import { notPublished, notReplicated } from '../resources/selection-moved';
import { changesOf, type Adding } from './added-table-changes';
import { inOrder } from '../resources/added-table/in-order';
import { refusedNewTable, refusedRenewal } from './gates/new-table';
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
  const unpublished = notPublished(of, publication, tree);
  const isWanted = ({ oid }: AddedTable) => unpublished.some((table) => table.oid === oid);
  const isThere = ({ oid }: AddedTable) => tables.some((table) => table.oid === oid);
  const leaving = added.filter((one) => one.again === 'leaving' && isThere(one));
  const anew = new Set([...(asked ?? []), ...leaving.map(({ oid }) => oid)]);
  const isRenewed = ({ oid }: { readonly oid?: number }) =>
    oid !== undefined && (anew.has(oid) || added.some((one) => one.oid === oid && one.again !== undefined));
  const wanted = [
    ...tables.filter(({ oid }) => oid !== undefined && anew.has(oid)),
    ...unpublished.filter((table) => !anew.has(table.oid ?? -1) && (asked === null || isRenewed(table))),
  ];
  const judged = wanted.map((table) => {
    const own = facts.find(({ oid }) => oid === table.oid);
    return { own, findings: isRenewed(table) ? renewal(all, table, own) : fresh(all, table, own) };
  });
  const gone = added.filter(
    (one) => !published.has(one.oid) && !(one.compared === undefined ? isWanted(one) : isThere(one)),
  );
  // What is compared is settled in any case: its right is not to stay for that.
  const arrived = added.filter(
    (one) => one.compared !== undefined && one.granted !== undefined && !gone.includes(one) && !anew.has(one.oid),
  );
  const continuity = judgeContinuity(contract, { source, target }, of);
  const drift = planAltered(contract, of, publication, of.inherited, { tables }).findings;
  // Of one that is copied whole it does not matter what was skipped before.
  const mayRenew = continuity !== null && continuity.kind !== 'broken' && drift.length === 0;
  const mayAdd = mayRenew && continuity.kind === 'proven';
  if (asked !== null && !mayRenew) return propose([], drift.length > 0 ? drift : brokenOf(contract, continuity));
  const coming = judged.flatMap(({ own, findings }) =>
    own !== undefined && findings.length === 0 && (mayAdd || (mayRenew && isRenewed(own))) ? [own] : [],
  );
  const arriving = arrivingOf(of.subscriptionMark).filter(
    (one) => published.has(one.oid) && !anew.has(one.oid) && (mayAdd || (mayRenew && isRenewed(one))),
  );
  const adding: Adding = {
    coming: inOrder(coming),
    anew,
    arriving,
    arrived,
    forgotten: mayAdd ? gone : [],
  };
  const refusals = judged.flatMap(({ findings }) => findings);
  const left = mayAdd || asked !== null ? refusals : notReplicated(of, publication, tree);
  return propose(changesOf(contract, of, adding, facts), left);
}

type Judge = (all: Of, table: CatalogTable, own: NewTableFacts | undefined) => Finding[];

const fresh: Judge = ({ contract, source, of }, table, own) => refusedNewTable(contract, source, of, table, own);

/** Once it is taken out it comes back only where the environment selects it. */
const renewal: Judge = ({ contract, source, of }, table, own) => {
  const selected = selectTables(of.stream.selection, source.databases[of.database]!.tables);
  return refusedRenewal(contract, source, of, { table, selected: selected.includes(table) }, own);
};

function brokenOf(contract: SourceContract, continuity: Continuity | null): Finding[] {
  const found = continuityFinding(contract, continuity);
  return found === null ? [] : [found];
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
