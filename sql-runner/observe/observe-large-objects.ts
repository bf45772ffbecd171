import type { Reading } from '../connections/reading';
import type { DatabaseLargeObjects, LargeObjectsObserved, LargeObjectsWanted } from '../model/large-objects';
import type { Observation } from '../model/observation';
import { compareLargeObjects } from './compare-large-objects';
import { strangersOf } from './observe-roles';

/** Of one statement, which reads 8 MB or so, or the list of a thousand. */
const READ_MS = 60_000;

/** Of every database that is on both sides, or of the one that was asked for; one after the other. */
export async function observeLargeObjects(
  reading: Reading,
  { source, target }: Observation,
  wanted: LargeObjectsWanted,
): Promise<LargeObjectsObserved> {
  const both =
    target?.isSourceServer === true
      ? []
      : reading.contracts.source.links
          .map(({ database }) => database)
          .filter((name) => wanted.database === null || name === wanted.database)
          .filter((name) => source.databases[name]?.exists === true && target?.databases[name]?.exists === true);
  const strangers = both.length === 0 ? [] : await strangersOf(reading);
  const databases: Record<string, DatabaseLargeObjects> = {};
  for (const database of both) databases[database] = await ofDatabase(reading, database, strangers);
  return { wanted, databases };
}

async function ofDatabase(
  { connections, contracts }: Reading,
  database: string,
  strangers: readonly string[],
): Promise<DatabaseLargeObjects> {
  const open = (side: 'source' | 'target') =>
    connections.open({ side, database }, true, { statementTimeoutMs: READ_MS });
  const source = await open('source');
  try {
    const target = await open('target');
    try {
      return await compareLargeObjects({ source, target, environment: contracts.source.environment, strangers });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
