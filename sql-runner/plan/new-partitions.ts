import type { SourceContract } from '../../contract/contract';
import { arrivingOf } from '../model/added-tables';
import type { Finding } from '../model/change';
import type { NewTableFacts } from '../model/new-tables';
import type { SourceObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import type { AddedTable } from '../model/table-notes';
import type { TableTree } from '../model/table-tree';
import { newPartsOf } from '../resources/added-table/new-partitions-of';
import { replacedFinding, replacedPartitions } from '../resources/replaced-partitions';
import { isPlaced, refusedNewPartition } from './gates/new-partition';
import { belowOthers } from './below-others';

/** What is to be done of partitions that came on the source, in steps that each look at what is there. */
export interface ComingPartitions {
  /** To be noted, and made where the clone lacks them; each after the one that it is a part of. */
  readonly making: readonly NewTableFacts[];
  /** Made, or there, apart from the table above, which has a default partition on the clone: to be attached once that has moved its rows. */
  readonly placing: readonly NewTableFacts[];
  /** Noted and to be copied, or on the way. */
  readonly copying: readonly AddedTable[];
  readonly findings: readonly Finding[];
}

const NONE: ComingPartitions = { making: [], placing: [], copying: [], findings: [] };

/**
 * A refresh takes all that is published: where one of them cannot be added none is, as the copy would begin with it too,
 * beside rows that the clone may have.
 */
export function comingPartitions(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  tree: TableTree,
  facts: readonly NewTableFacts[],
): ComingPartitions {
  const noted = arrivingOf(of.subscriptionMark).filter(({ partition }) => partition === true);
  const parts = newPartsOf(of, tree);
  const known = belowOthers(parts, facts);
  const judged = parts.map((table) => {
    const own = known.find(({ oid }) => oid === table.oid);
    return { own, findings: refusedNewPartition(contract, source, of, table, own) };
  });
  const findings = [
    ...judged.flatMap((one) => one.findings),
    ...replacedPartitions(tree, of).map((one) => replacedFinding(contract, of.database, one)),
  ];
  if (findings.length > 0) return { ...NONE, findings };
  const steps = stepsOf(
    judged.map(({ own }) => own!),
    noted,
  );
  // What the subscription knows by now is only to be waited for.
  const taken = noted.filter(({ oid }) => parts.every((one) => one.oid !== oid) && isPublished(of, oid));
  return { ...steps, copying: [...taken, ...steps.copying], findings };
}

/** @param parts that can be made on the clone, or are there @param noted in the mark, on their way */
export function stepsOf(
  parts: readonly NewTableFacts[],
  noted: readonly AddedTable[],
): Pick<ComingPartitions, 'making' | 'placing' | 'copying'> {
  const isNoted = ({ oid }: NewTableFacts) => noted.some((one) => one.oid === oid);
  return {
    making: parts.filter((one) => one.namesake === null || !isNoted(one) || isApart(one)),
    placing: parts.filter(({ partition: own }) => own!.hasDefault && !isPlaced(own!)),
    copying: noted.filter((one) => parts.some(({ oid }) => oid === one.oid)),
  };
}

/** Nothing moves into it: it can be put where it belongs at once. */
const isApart = ({ partition: own }: NewTableFacts): boolean => !own!.hasDefault && !isPlaced(own!);

/** With a table above it: whether it is one still, and that is sent. */
export const isPublished = ({ publication }: StreamFacts, oid: number): boolean =>
  publication?.rows?.tables[String(oid)] !== undefined;
