import { isHeartbeat, streamsFor } from '../model/streams';
import { replicaTriggers } from '../postgres/catalog/apply-obstacles';
import { displayTable } from '../model/table-selection';
import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';

/** By subscription: triggers of the clone that may leave out or change the rows that it applies. */
export async function rewritingTriggers(
  reading: Reading,
  { target }: Observation,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { source: contract } = reading.contracts;
  const found = new Map<string, string[]>();
  for (const { database } of contract.links) {
    if (target?.databases[database]?.exists !== true) continue;
    for (const trigger of await reading.ask({ side: 'target', database }, replicaTriggers)) {
      const table = { schema: trigger.schema, name: trigger.table };
      if (!trigger.beforeRow || isHeartbeat(contract, database, table)) continue;
      const root = { schema: trigger.rootSchema, name: trigger.rootName };
      const shown = `${trigger.name} on ${displayTable(table)}`;
      for (const { stream } of streamsFor(contract, database, root))
        found.set(stream.subscription, [...(found.get(stream.subscription) ?? []), shown]);
    }
  }
  return found;
}
