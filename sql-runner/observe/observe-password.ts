import { OperatorError } from '../../errors/operator-error';
import { readLogin, type Login } from '../aws/secrets';
import type { Connections } from '../connections/connections';
import type { Reading } from '../connections/reading';
import type { Place } from '../model/address';
import type { SourceObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';

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
  return { passwordWorks: await opensSession(reading.connections, place, login), secretVersion: login.version };
}

/**
 * By subscription of ours, whether the source takes the password that it was given. A rotation that died before the role
 * had the one in the secret leaves all of them with one that works, and one that died later with one that does not.
 * @param works the one in the secret is that of the role
 */
export async function observeGivenPasswords(
  reading: Reading,
  place: Place,
  streams: readonly StreamFacts[],
  works: boolean,
): Promise<Readonly<Record<string, boolean>>> {
  const { secretArn, role } = reading.contracts.source.replication;
  const now = await reading.aws('source', readLogin, secretArn);
  const tried = new Map<string, Promise<boolean>>();
  const tries = async (version: string): Promise<boolean> => {
    if (version === now?.version) return works;
    if (version === '') return false;
    const login = await reading.aws('source', readLogin, secretArn, version);
    if (login?.username !== role) return false;
    // The role has one password: where that is known, no login has to be refused, and logged on production, to tell.
    return works ? login.password === now?.password : opensSession(reading.connections, place, login);
  };
  const each = streams.map(async ({ stream, subscriptionMark: mark }): Promise<[string, boolean][]> => {
    if (mark === null) return [];
    const { secretVersion: version } = mark;
    if (!tried.has(version)) tried.set(version, tries(version));
    return [[stream.subscription, await tried.get(version)!]];
  });
  return Object.fromEntries((await Promise.all(each)).flat());
}

async function opensSession(connections: Connections, place: Place, login: Login): Promise<boolean> {
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
