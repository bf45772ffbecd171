import type { StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { arrivingOf, leftOf } from '../model/added-tables';
import { NOTHING } from '../model/change';
import type {
  Observation,
  PublicationFacts,
  PublishedTableFacts,
  SourceObservation,
  TableName,
} from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { judgeContinuity } from './continuity';
import { holdOf } from './held-stream';
import { planAltered } from './publication-drift';
import { someOf } from './some-of';
import { alteredAttributes, tellAltered } from './subscription-attributes';
import { tableIndex } from '../model/table-index';
import { sameTable, selectTables } from '../model/table-selection';
import { TableTree } from '../model/table-tree';

/** With the part of it that is sent. */
type ComparedTable = TableName & Pick<PublishedTableFacts, 'filter' | 'columns'>;

export interface NotReplicated extends TableName {
  readonly reason: string;
}

/** What a verification of one stream has to look at, and what it cannot say. */
export interface VerifyScope {
  readonly tables: readonly ComparedTable[];
  /** The clone came with them as replicated, and they are not any more: whatever is compared, it is not a copy. */
  readonly notReplicated: readonly NotReplicated[];
  /** Tables of the source that the environment selects, and that its publication does not send. */
  readonly newTables: readonly TableName[];
  /** Tables that left the stream by our hand, in words with when; they are not part of what is to be equal. */
  readonly noLongerFollowed: readonly (TableName & { readonly since: string })[];
  /** Why equal rows would not mean that the clone follows; sentences without full stop. */
  readonly doubts: readonly string[];
}

/**
 * The list is what the clone inherited, not what the publication says by now: a
 * table that was taken out of it would be left out of the comparison too.
 */
export function verifyScope(contract: SourceContract, observation: Observation, of: StreamFacts): VerifyScope {
  const { source } = observation;
  const { publication: present, inherited } = of;
  const existing = source.databases[of.database]?.tables ?? [];
  // What is on its way has not all its rows yet: that it was not compared is said, and apply compares it.
  const arriving = new Set(arrivingOf(of.subscriptionMark).map(({ oid }) => oid));
  const isArriving = ({ oid }: { oid?: number }) => oid !== undefined && arriving.has(oid);
  const sent = named(present, existing);
  const published = sent.filter((table) => !isArriving(table));
  const [now, there] = [tableIndex(published), tableIndex(existing)];
  const left = (inherited?.tables ?? []).filter((table) => now.get(table) === undefined && !isArriving(table));
  const gone = tableIndex(left);
  // What is copied anew was a part of the copy: that nothing sends it for now does not make the rest one.
  const emptied = arrivingOf(of.subscriptionMark).filter(
    ({ oid, again }) => again !== undefined && !sent.some((one) => one.oid === oid),
  );
  return {
    tables: published,
    notReplicated: [
      ...left.map((table) => ({
        schema: table.schema,
        name: table.name,
        reason:
          there.get(table) === undefined
            ? 'dropped or renamed on the source'
            : 'taken out of the publication since the clone was taken',
      })),
      ...[...sent.filter(isArriving), ...emptied, ...arrivingPartitions(of)].map(({ schema, name }) => ({
        schema,
        name,
        reason: 'being added to the stream, and not compared yet',
      })),
    ],
    newTables: selectTables(of.stream.selection, existing).filter(
      (table) =>
        now.get(table) === undefined &&
        gone.get(table) === undefined &&
        !sent.some((one) => sameTable(one, table)) &&
        !emptied.some((one) => sameTable(one, table)),
    ),
    noLongerFollowed: leftOf(present, of.subscriptionMark)
      .filter((table) => !sent.some((one) => sameTable(one, table)))
      .map(({ schema, name, at, dropped }) => ({
        schema,
        name,
        since: dropped === true ? `dropped on the source, noticed at ${at}` : `no longer followed since ${at}`,
      })),
    doubts: doubtsOf(contract, observation, of),
  };
}

/** Their rows are looked at with those of the table above, and are not a copy yet. */
const arrivingPartitions = ({ subscriptionMark }: StreamFacts) =>
  arrivingOf(subscriptionMark).filter(({ partition }) => partition === true);

/** A publication altered to FOR ALL TABLES names none itself, and sends what is permanent (is_publishable_class). */
function named(
  publication: PublicationFacts | null,
  existing: readonly CatalogTable[],
): readonly (ComparedTable & { readonly oid?: number })[] {
  if (publication?.allTables === true)
    return existing.filter(
      ({ partition, kind, persistence }) => !partition && kind !== 'foreign' && persistence === 'permanent',
    );
  return publication?.tables ?? [];
}

function doubtsOf(contract: SourceContract, observation: Observation, of: StreamFacts): string[] {
  const { subscription, inherited } = of;
  if (subscription === null || of.subscriptionMark === null)
    return [`database ${of.database} of the clone has no subscription ${of.stream.subscription} of ours`];
  const continuity = judgeContinuity(contract, observation, of);
  return [
    ...(subscription.enabled ? [] : [stands(of)]),
    ...(subscription.slotName === of.stream.slot
      ? []
      : [
          `subscription ${of.stream.subscription} reads slot ${subscription.slotName ?? '(none)'} instead of ${of.stream.slot}`,
        ]),
    ...(inherited === null
      ? [
          `the clone no longer has its copy of publication ${of.stream.publication}, so what it came with as replicated in database ${of.database} is not known`,
        ]
      : []),
    ...(continuity?.kind === 'broken' ? [continuity.finding.seen] : []),
    ...skippedIn(of),
    ...lossesOf(contract, observation.source, of),
  ];
}

function skippedIn({ database, stream, partitions, subscriptionMark }: StreamFacts): string[] {
  const arriving = new Set(arrivingOf(subscriptionMark).map(({ oid }) => oid));
  const unknown = [...partitions].filter(([oid]) => !arriving.has(oid)).map(([, { name }]) => name);
  return unknown.length === 0
    ? []
    : [
        `subscription ${stream.subscription} does not know ${someOf(unknown)} of database ${database}: changes of it are skipped, or stop it`,
      ];
}

function stands(of: StreamFacts): string {
  const hold = holdOf(of);
  const name = `subscription ${of.stream.subscription} in database ${of.database}`;
  return hold === null ? `${name} is disabled` : `${name} is held by consent since ${hold.at}`;
}

/** Rows may be equal to this moment; what comes is left out. */
function lossesOf(contract: SourceContract, source: SourceObservation, of: StreamFacts): string[] {
  const { options, publication, inherited } = of;
  const altered = options === null ? [] : alteredAttributes(of, options).filter(({ attribute }) => attribute.loses);
  const tree = new TableTree(source.databases[of.database]?.tables ?? []);
  const published = publication === null ? NOTHING : planAltered(contract, of, publication, inherited, tree);
  return [
    ...(altered.length === 0
      ? []
      : [
          `subscription ${of.stream.subscription} in database ${of.database} was altered: ${altered.map(tellAltered).join(', ')}`,
        ]),
    ...published.findings.map(({ seen }) => seen),
  ];
}
