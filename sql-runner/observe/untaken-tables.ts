import { isCopied } from '../checks/not-subscribed';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { displayTable } from '../model/table-selection';
import { sentBy } from '../resources/published';
import { subscribed, takenIn } from './taken-tables';
import type { Reading } from '../connections/reading';
import type { Observation, SourceDatabaseFacts } from '../model/observation';
import type { StreamOf } from '../model/streams';

/**
 * By subscription: the tables that its publication sends, and that it does not
 * know or has not copied. A subscription skips their changes without a word, or stops where the clone has no such table.
 */
export async function untakenTables(reading: Reading, observation: Observation): Promise<Map<string, string[]>> {
  const found = subscribed(reading, observation).map(async (of): Promise<[string, string[]]> => {
    const { database, stream } = of;
    const [sent, taken] = await Promise.all([
      sentOf(reading, observation.source.databases[database]!, of),
      takenIn(reading, database),
    ]);
    const known = taken.filter(({ subscription, state }) => subscription === stream.subscription && isCopied(state));
    const names = new Set(known.map(displayTable));
    return [stream.subscription, sent.filter((table) => !names.has(table))];
  });
  return new Map(await Promise.all(found));
}

/** Asked of the server only where what was read of the publication anyway does not tell. */
async function sentOf(
  reading: Reading,
  { publications }: Pick<SourceDatabaseFacts, 'publications'>,
  { database, stream }: StreamOf,
): Promise<readonly string[]> {
  const publication = publications.find(({ name }) => name === stream.publication);
  const told = publication === undefined ? [] : sentBy(publication);
  if (told !== null) return told;
  const all = await reading.ask({ side: 'source', database }, sentTables);
  return all.filter((table) => table.publication === stream.publication).map(displayTable);
}
