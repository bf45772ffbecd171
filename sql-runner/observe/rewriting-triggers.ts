import { isHeartbeat, streamsFor } from '../model/streams';
import { replicaTriggers, type ReplicaTrigger } from '../postgres/catalog/apply-obstacles';
import { displayTable } from '../model/table-selection';
import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';

/** By database: those of the clone that fire for rows that it applies, and that it copies. */
export async function firingTriggersOf(
  reading: Reading,
  { target }: Observation,
): Promise<Record<string, ReplicaTrigger[]>> {
  const found: Record<string, ReplicaTrigger[]> = {};
  for (const { database } of reading.contracts.source.links)
    if (target?.databases[database]?.exists === true)
      found[database] = await reading.ask({ side: 'target', database }, replicaTriggers);
  return found;
}

/** By subscription: triggers of the clone that may leave out or change the rows that it applies. */
export async function rewritingTriggers(
  reading: Reading,
  observation: Observation,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { source: contract } = reading.contracts;
  const found = new Map<string, string[]>();
  for (const [database, triggers] of Object.entries(await firingTriggersOf(reading, observation))) {
    for (const trigger of triggers) {
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
