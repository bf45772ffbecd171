import type { SourceContract } from '../../contract/contract';
import { arrivingOf } from '../model/added-tables';
import type { Finding } from '../model/change';
import type { NewTableFacts } from '../model/new-tables';
import type { SourceDatabaseFacts, SourceObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import type { TableTree } from '../model/table-tree';
import { belowOthers } from './below-others';
import { refusedNewRoot } from './gates/new-root';
import { stepsOf, type ComingPartitions } from './new-partitions';

type CatalogTable = SourceDatabaseFacts['tables'][number];

/** A partitioned table that came on the source, judged with all that is below. */
export interface NewRoot {
  readonly own: NewTableFacts | undefined;
  readonly findings: readonly Finding[];
  /** Each after the one that it is a part of. */
  readonly parts: readonly NewTableFacts[];
}

/**
 * Its partitions are made on the clone before it is published, so that no row comes that has no place there; and noted as
 * partitions of a table that is followed, so that a run that died after that goes on as if they had come later.
 */
export function newRoot(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  { table, tree, facts }: { table: CatalogTable; tree: TableTree; facts: readonly NewTableFacts[] },
): NewRoot {
  const below = tree.partsOf(table);
  const known = belowOthers([table, ...below.filter(({ kind }) => kind === 'root')], facts);
  return {
    own: known.find(({ oid }) => oid === table.oid),
    findings: refusedNewRoot(contract, source, of, { table, tree, facts: known }),
    parts: below.flatMap((part) => known.find(({ oid }) => oid === part.oid) ?? []),
  };
}

/** Of partitioned tables that can be added: what is to be done of all that is below them. */
export function withRoots(
  partitions: ComingPartitions,
  roots: readonly NewRoot[],
  of: StreamFacts,
): Pick<ComingPartitions, 'making' | 'placing' | 'copying'> {
  const noted = arrivingOf(of.subscriptionMark);
  const steps = roots.map(({ parts }) => stepsOf(parts, noted));
  return {
    making: [...partitions.making, ...steps.flatMap((one) => one.making)],
    placing: [...partitions.placing, ...steps.flatMap((one) => one.placing)],
    copying: [...partitions.copying, ...steps.flatMap((one) => one.copying)],
  };
}

/** What is published with each, and nothing else, by its oid. */
export const belowEach = (roots: readonly NewRoot[]): ReadonlyMap<number, readonly number[]> =>
  new Map(roots.flatMap(({ own, parts }) => (own === undefined ? [] : [[own.oid, parts.map(({ oid }) => oid)]])));
