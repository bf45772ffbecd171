import type { Finding } from '../model/change';
import type { Connections } from '../connections/connections';
import { describeHolder } from './lock';

/**
 * For those who only read, and take no lock: a run at work changes what they
 * read while they read it, so what they find may be the middle of something.
 */
export async function findRunInProgress(connections: Connections): Promise<Finding[]> {
  const { environment } = connections.contracts.source;
  try {
    // The lock that stands for the environment; see lock-environment.ts.
    const first = await connections.first('source');
    const holder = await connections.use(first, (session) => describeHolder(session, environment));
    if (holder === null) return [];
    return [
      {
        code: 'RUN_IN_PROGRESS',
        severity: 'warn',
        seen: `another run on environment ${environment} holds the lock: ${holder}`,
        why: 'what is reported here was read while that run changes it, and may be neither what was nor what will be',
        next: 'wait for it to end, then run this command again',
      },
    ];
  } catch {
    // Whoever reads the database for its own sake says that it cannot be read.
    return [];
  }
}
