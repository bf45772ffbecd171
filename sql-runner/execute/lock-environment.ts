import type { Code } from '../../errors/codes';
import { OperatorError } from '../../errors/operator-error';
import { isDatabaseMissing } from '../postgres/connect-errors';
import type { Place } from '../model/address';
import type { Connections } from '../connections/connections';
import type { Execution } from './execution';
import { waitFor } from './wait';

/** While a server restarts it first ends its sessions, then refuses new ones; one that is being made is cut off. */
const RESTARTING = new Set<Code>([
  'CONNECTION_LOST',
  'CONNECT_READER',
  'CONNECT_REFUSED',
  'CONNECT_NOT_READY',
  'CONNECT_TIMEOUT',
  'CONNECT_HELD_UP',
  'CONNECT_FAILED',
]);

/**
 * Takes the lock in every database, and all of them before anything is read: a
 * statement that a killed run left behind holds the lock of its own database
 * until it is done, and what it does must be seen by this run's plan. The run
 * that is waited for may restart the writer, which ends the waiting session too:
 * the wait goes on with a new one.
 * @param waitMs how long to wait for a server that comes back
 * @returns the place whose lock stands for the whole environment
 */
export async function lockEnvironment(connections: Connections, execution: Execution, waitMs: number): Promise<Place> {
  let restarting = false;
  let last: unknown;
  const lock = await waitFor(async () => {
    try {
      return await lockEach(connections, execution);
    } catch (error) {
      if (!(error instanceof OperatorError) || !RESTARTING.has(error.code)) throw error;
      // A server that was never there is not one that restarts; one that is starting or stopping says so.
      if (!restarting && !['CONNECTION_LOST', 'CONNECT_NOT_READY'].includes(error.code)) throw error;
      if (!restarting) execution.listener({ type: 'waiting', for: 'a server that restarts to come back' });
      restarting = true;
      last = error;
      await connections.closeSessions();
      return null;
    }
  }, waitMs);
  if (lock === null) throw last;
  return lock;
}

async function lockEach(connections: Connections, execution: Execution): Promise<Place> {
  const places = placesOf(connections);
  const locked: Place[] = [];
  for (const place of places) {
    try {
      await execution.writer(place);
      locked.push(place);
    } catch (error) {
      // A database that was dropped has nothing to lock; whether that matters is for the plan to say.
      if (!isDatabaseMissing(error) || (locked.length === 0 && place === places.at(-1))) throw error;
    }
  }
  return locked[0]!;
}

/** Every database of both sides, the source's first one first: that lock stands for the whole environment. */
function placesOf(connections: Connections): Place[] {
  const { source, target } = connections.contracts;
  const sides = target === null ? (['source'] as const) : (['source', 'target'] as const);
  return sides.flatMap((side) => source.links.map(({ database }) => ({ side, database })));
}
