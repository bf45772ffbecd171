import { lockWaits, type LockWait } from '../postgres/catalog/lock-waits';
import type { Session } from '../postgres/session';
import type { Place } from '../model/address';
import type { Execution } from './execution';

const LOOK_EVERY_MS = 500;

/** PostgreSQL's SQLSTATE when lock_timeout ends a wait. */
const LOCK_NOT_AVAILABLE = '55P03';

interface LockWatch {
  /** As it was when last looked; empty: it did not wait. */
  readonly waits: () => readonly LockWait[];
  stop(): void;
}

/** A wait for a lock that was given up, and for whom it waited when last looked. */
export class WaitedInVain extends Error {
  constructor(
    readonly place: Place,
    readonly waits: readonly LockWait[],
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}

/**
 * Works on a session of a place, and says whom it waits for.
 * @throws WaitedInVain where the session gave up waiting
 */
export async function namingWaits<T>(
  place: Place,
  session: Session,
  execution: Execution,
  work: () => Promise<T>,
): Promise<T> {
  const watch = watchLock(place, session.backendPid, execution);
  try {
    return await work();
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw cause;
    throw new WaitedInVain(place, watch.waits(), cause);
  } finally {
    watch.stop();
  }
}

/**
 * Names whom a session waits for while it waits, and remembers it for the
 * error, as the lock timeout itself tells nothing. What we ask of tables never
 * makes writers queue behind us: publications take SHARE UPDATE EXCLUSIVE
 * (manual, 13.3.1), which no INSERT, UPDATE or DELETE conflicts with.
 */
function watchLock(place: Place, pid: number, execution: Execution): LockWatch {
  let waits: readonly LockWait[] = [];
  let said = '';
  const timer = setInterval(() => {
    void (async () => {
      const now = await execution.connections.use(place, (session) => lockWaits(session, pid));
      if (now.length === 0) return;
      waits = now;
      const text = describeWaits(now);
      if (text !== said) execution.listener({ type: 'waiting', for: text });
      said = text;
    })().catch(() => undefined); // Only a courtesy: the change itself reports what is wrong.
  }, LOOK_EVERY_MS);
  return { waits: () => waits, stop: () => clearInterval(timer) };
}

/** `a lock on public.orders, which process 12 of app (psql, idle in transaction since 2026-01-01 10:00:00 UTC) has`. */
export function describeWaits(waits: readonly LockWait[]): string {
  const holders = waits.map(({ pid, user, applicationName, state, since }) =>
    pid === 0
      ? 'a prepared transaction'
      : `process ${pid} of ${user} (${applicationName}, ${state}, in its transaction since ${since})`,
  );
  const table = waits[0]?.table ?? null;
  return `a lock on ${table ?? 'an object'}, held by ${holders.join(' and ')}`;
}
