import type { Reading } from '../connections/reading';
import { loginOf } from '../connections/reading';
import type { Observation } from '../model/observation';
import type { DatabaseSequences, SequencesObserved, SequencesWanted } from '../model/sequences';
import { clientSessions } from '../postgres/catalog/activity';
import { sequences } from '../postgres/catalog/sequences';

/** Our own sessions take no values. */
const OURS = 'sql-runner';

/** Of every database that is on both sides. */
export async function observeSequences(
  reading: Reading,
  { source, target }: Observation,
  wanted: SequencesWanted,
): Promise<SequencesObserved> {
  const both = reading.contracts.source.links
    .map(({ database }) => database)
    .filter((name) => source.databases[name]?.exists === true && target?.databases[name]?.exists === true);
  const read = both.map(async (database) => [database, await sequencesOf(reading, database)] as const);
  return { wanted, databases: Object.fromEntries(await Promise.all(read)) };
}

/** The clone first: the source goes on, and what was read of it last is what the clone is held against. */
async function sequencesOf(reading: Reading, database: string): Promise<DatabaseSequences> {
  const here = await reading.at({ side: 'target', database }, async (ask) => ({
    clone: await ask(sequences),
    login: await ask(loginOf),
    others: await ask(clientSessions, OURS),
  }));
  return { ...here, source: await reading.ask({ side: 'source', database }, sequences) };
}
