import { isHeartbeat, streamsFor } from '../model/streams';
import { replicaTriggers } from '../postgres/catalog/apply-obstacles';
import { displayTable } from '../model/table-selection';
import type { Connections } from '../connections/connections';
import type { Observation } from '../model/observation';

/** By subscription: triggers of the clone that may leave out or change the rows that it applies. */
export async function rewritingTriggers(
  connections: Connections,
  { target }: Observation,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { source: contract } = connections.contracts;
  const found = new Map<string, string[]>();
  for (const { database } of contract.links) {
    if (target?.databases[database]?.exists !== true) continue;
    for (const trigger of await connections.use({ side: 'target', database }, replicaTriggers)) {
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
