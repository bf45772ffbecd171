import type { Place } from '../model/address';
import { holdsUpWorker } from '../postgres/catalog/held-up-workers';
import type { Session } from '../postgres/session';
import { GaveUp, type Execution } from './execution';

/** PostgreSQL's SQLSTATE of a statement that was cancelled. */
const QUERY_CANCELED = '57014';
const LOOK_EVERY_MS = 250;

/** It was ended, as the replication would have had to wait for it; all that it had done is taken back. */
export class GaveWayToWorker extends Error {}

/**
 * Works on a session of a place, and ends that as soon as a worker of a subscription waits for a lock of it, or behind
 * somebody who does; and once the operator has asked to stop.
 * @throws GaveWayToWorker, GaveUp
 */
export async function givingWay<T>(
  place: Place,
  session: Session,
  { connections, interrupted }: Execution,
  work: () => Promise<T>,
): Promise<T> {
  let ended: Error | null = null;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    await connections.use(place, async (other) => {
      const why = interrupted()
        ? new GaveUp()
        : (await holdsUpWorker(other, session.backendPid))
          ? new GaveWayToWorker()
          : null;
      if (why === null) return;
      ended = why;
      await other.query('SELECT pg_cancel_backend($1::int)', [session.backendPid]);
    });
  };
  // Nothing is at work that nobody could end.
  let blind: unknown;
  const timer = setInterval(() => {
    looking ??= look()
      .catch(async (cause: unknown) => {
        blind = cause;
        await session.close();
      })
      .finally(() => (looking = null));
  }, LOOK_EVERY_MS);
  try {
    return await work();
  } catch (cause) {
    if (blind !== undefined) throw blind;
    if (ended !== null && (cause as { code?: string }).code === QUERY_CANCELED) throw ended;
    throw cause;
  } finally {
    clearInterval(timer);
    await looking;
  }
}
