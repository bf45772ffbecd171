import { isCopied } from '../checks/not-subscribed';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { displayTable } from '../model/table-selection';
import { takenTables } from './taken-tables';
import { tableKey } from '../model/table-index';
import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import { streamsOf } from '../model/streams';

/**
 * By subscription: the tables that its publication sends, and that it does not
 * know or has not copied. A subscription skips their changes without a word, or stops where the clone has no such table.
 */
export async function untakenTables(reading: Reading, { source, target }: Observation): Promise<Map<string, string[]>> {
  const all = streamsOf(reading.contracts.source).filter(
    ({ database, stream }) => target?.databases[database]?.streams[stream.subscription]?.subscription,
  );
  const databases = [...new Set(all.map(({ database }) => database))].filter((name) => source.databases[name]?.exists);
  const found = await Promise.all(
    databases.map(async (database) => {
      const [sent, taken] = await Promise.all([
        reading.ask({ side: 'source', database }, sentTables),
        takenTables((reader, ...args) => reading.ask({ side: 'target', database }, reader, ...args)),
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
