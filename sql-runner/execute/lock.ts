import { createHash } from 'node:crypto';
import { OperatorError } from '../../errors/operator-error';
import { lockHolder } from '../postgres/catalog/advisory-locks';
import type { Session } from '../postgres/session';
import type { Listener } from '../model/events';
import { waitFor } from './wait';

/**
 * One writer at a time on an environment. Advisory locks belong to a database,
 * so every writing session takes the lock in its own: a statement whose client
 * was killed keeps its session, and with it the lock, until the server is done
 * with it, and the next run waits for exactly that.
 */
function lockKey(environment: string): string {
  const digest = createHash('sha256').update(`aurora-cross-account-sync ${environment}`).digest();
  return digest.readBigInt64BE(0).toString();
}

export async function takeLock(
  session: Session,
  environment: string,
  waitMs: number,
  listener: Listener,
): Promise<void> {
  const key = lockKey(environment);
  let announced = false;
  const taken = await waitFor(async () => {
    const [row] = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS taken', [key]);
    if (row?.taken) return true;
    if (!announced)
      listener({ type: 'waiting', for: `another run on ${environment}: ${await holderOf(session, environment)}` });
    announced = true;
    return null;
  }, waitMs);
  if (taken !== null) return;
  throw new OperatorError({
    code: 'LOCK_HELD',
    seen: `another run on environment ${environment} holds the lock in database ${session.target.database}: ${await holderOf(session, environment)}`,
    why: 'two runs at once could undo each other half-way',
    next: 'wait for it to end and run the command again; --lock-timeout sets how long to wait',
  });
}

async function holderOf(session: Session, environment: string): Promise<string> {
  return (await describeHolder(session, environment)) ?? 'it has just ended';
}

/** Who holds the environment's lock in the session's database; null: nobody. */
export async function describeHolder(session: Session, environment: string): Promise<string | null> {
  const holder = await lockHolder(session, lockKey(environment));
  return holder === null
    ? null
    : `process ${holder.pid} of ${holder.user} (${holder.applicationName}) since ${holder.since}`;
}
