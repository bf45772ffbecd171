import { isDatabaseMissing } from '../postgres/connect-errors';
import type { Place } from '../model/address';
import type { Connections } from './connections';
import type { Side } from '../../contract/contract';

/**
 * A database to ask about the cluster as a whole: the first of the environment's
 * that is there. The lock that stands for the environment is in that of the
 * source (lock-environment.ts).
 */
export async function firstExisting(connections: Connections, side: Side): Promise<Place> {
  const databases = connections.contracts.source.links.map((link) => link.database);
  let missing: unknown = new Error('an environment has at least one database');
  // A clone that has none of them still has what belongs to the cluster as a whole; every cluster is made with this one.
  const known = side === 'target' ? [...databases, 'postgres'] : databases;
  for (const database of known) {
    try {
      await connections.reader({ side, database });
      return { side, database };
    } catch (error) {
      if (!isDatabaseMissing(error) && databases.includes(database)) throw error;
      if (databases.includes(database)) missing = error;
    }
  }
  throw missing;
}
