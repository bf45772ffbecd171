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
  const seen: { ended?: Error; blind?: Error; looking?: Promise<void> } = {};
  const look = () =>
    connections.use(place, async (other) => {
      if (interrupted()) seen.ended = new GaveUp();
      else if (await holdsUpWorker(other, session.backendPid)) seen.ended = new GaveWayToWorker();
      else return;
      await other.query('SELECT pg_cancel_backend($1::int)', [session.backendPid]);
    });
  // Nothing is at work that nobody could end.
  const blinded = async (cause: Error) => {
    seen.blind = cause;
    await session.close();
  };
  const timer = setInterval(() => {
    seen.looking ??= look()
      .catch(blinded)
      .finally(() => (seen.looking = undefined));
  }, LOOK_EVERY_MS);
  try {
    return await work();
  } catch (cause) {
    if (seen.blind !== undefined) throw seen.blind;
    if (seen.ended !== undefined && (cause as { code?: string }).code === QUERY_CANCELED) throw seen.ended;
    throw cause;
  } finally {
    clearInterval(timer);
    await seen.looking;
  }
}
