import { OperatorError } from '../../errors/operator-error';
import { readLogin, type Login } from '../aws/secrets';
import type { Connections } from '../connections/connections';
import type { Reading } from '../connections/reading';
import type { Place } from '../model/address';
import type { SourceObservation } from '../model/observation';

/** Tries the password in the secret on the server; null while there is none, or nobody needs one. */
export async function observePassword(
  reading: Reading,
  place: Place,
): Promise<Pick<SourceObservation, 'passwordWorks' | 'secretVersion'>> {
  if (!reading.connections.connects) return { passwordWorks: null, secretVersion: null };
  const login = await reading.aws('source', readLogin, reading.contracts.source.replication.secretArn);
  if (login === null) return { passwordWorks: null, secretVersion: null };
  // After replication.role was changed it is the login of the role before.
  if (login.username !== reading.contracts.source.replication.role)
    return { passwordWorks: null, secretVersion: login.version };
  return { passwordWorks: await passwordWorks(reading.connections, place, login), secretVersion: login.version };
}

async function passwordWorks(connections: Connections, place: Place, login: Login): Promise<boolean> {
  try {
    await (await connections.openAs(place, login)).close();
    return true;
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'CONNECT_AUTH') return false;
    // Logged in, but not let into this database: the password is right, the grant is planned apart.
    if (error instanceof OperatorError && error.code === 'CONNECT_FORBIDDEN') return true;
    // Its limit is counted once it has logged in (InitPostgres in postinit.c), and planned apart as well.
    if (error instanceof OperatorError && /too many connections for role/.test(error.seen)) return true;
    throw error;
  }
}
