import type { NewTableFacts } from '../model/new-tables';
import { tableIndex } from '../model/table-index';
import type { TableName } from '../model/observation';
import { displayTable } from '../model/table-selection';

/**
 * Partitions with what is there by the time that each is made: the table above it, and sequences of that, which its
 * defaults use, where a plan makes these first.
 * @param above tables that are made before, by this plan or one of before
 */
export function belowOthers(above: readonly TableName[], facts: readonly NewTableFacts[]): NewTableFacts[] {
  const all = tableIndex(facts);
  const first = above.flatMap((table) => all.get(table) ?? []);
  const made = first.filter(({ namesake }) => namesake === null);
  const names = tableIndex(made);
  // The server quotes keywords as well.
  const bare = (what: string) => what.replaceAll('"', '');
  const sequences = new Set(
    made.flatMap(({ definition }) => definition?.sequences ?? []).map((one) => bare(`sequence ${displayTable(one)}`)),
  );
  return facts.map((own) => {
    const { partition } = own;
    if (partition === undefined) return own;
    const parentThere = partition.parentThere || names.has(partition.parent);
    const lacking = own.lacking.filter((what) => !sequences.has(bare(what)));
    return { ...own, lacking, partition: { ...partition, parentThere } };
  });
}
