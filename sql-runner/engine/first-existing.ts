import { OperatorError } from '../../environments/operator-error';
import type { Place, Side } from './change';
import type { Connections } from './connections';

/**
 * A database to ask about the cluster as a whole: the first of the environment's
 * that is there. The lock that stands for the environment is in that of the
 * source (lock-environment.ts).
 */
export async function firstExisting(connections: Connections, side: Side): Promise<Place> {
  const databases = connections.contracts.source.links.map((link) => link.database);
  for (const database of databases) {
    try {
      await connections.reader({ side, database });
      return { side, database };
    } catch (error) {
      const missing = error instanceof OperatorError && error.code === 'CONNECT_DATABASE_MISSING';
      if (!missing || databases.at(-1) === database) throw error;
    }
  }
  throw new Error('an environment has at least one database');
}
