import { isCopied } from '../checks/not-subscribed';
import { sentTables, takenTables } from '../postgres/catalog/replicated-tables';
import { displayTable } from '../model/table-selection';
import { tableKey } from '../model/table-index';
import type { Connections } from '../connections/connections';
import type { Observation } from '../model/observation';
import { streamsOf } from '../model/streams';

/**
 * By subscription: the tables that its publication sends, and that it does not
 * know or has not copied. A subscription skips their changes without a word, or stops where the clone has no such table.
 */
export async function untakenTables(
  connections: Connections,
  { source, target }: Observation,
): Promise<Map<string, string[]>> {
  const all = streamsOf(connections.contracts.source).filter(
    ({ database, stream }) => target?.databases[database]?.streams[stream.subscription]?.subscription,
  );
  const databases = [...new Set(all.map(({ database }) => database))].filter((name) => source.databases[name]?.exists);
  const found = await Promise.all(
    databases.map(async (database) => {
      const [sent, taken] = await Promise.all([
        connections.use({ side: 'source', database }, sentTables),
        connections.use({ side: 'target', database }, takenTables),
      ]);
      return all
        .filter((of) => of.database === database)
        .map(({ stream }): [string, string[]] => {
          const own = taken.filter(
            ({ subscription, state }) => subscription === stream.subscription && isCopied(state),
          );
          const known = new Set(own.map(tableKey));
          const missing = sent.filter((one) => one.publication === stream.publication && !known.has(tableKey(one)));
          return [stream.subscription, missing.map(displayTable)];
        });
    }),
  );
  return new Map(found.flat());
}
