import { lockWaits, type LockWait } from '../postgres/catalog/lock-waits';
import type { Place } from './change';
import type { Execution } from './execution';

const LOOK_EVERY_MS = 500;

export interface LockWatch {
  /** As it was when last looked; empty: it did not wait. */
  readonly waits: () => readonly LockWait[];
  stop(): void;
}

/**
 * Names whom a session waits for while it waits, and remembers it for the
 * error, as the lock timeout itself tells nothing. What we ask of tables never
 * makes writers queue behind us: publications take SHARE UPDATE EXCLUSIVE
 * (manual, 13.3.1), which no INSERT, UPDATE or DELETE conflicts with.
 */
export function watchLock(place: Place, pid: number, execution: Execution): LockWatch {
  let waits: readonly LockWait[] = [];
  let said = '';
  const timer = setInterval(() => {
    void (async () => {
      const now = await lockWaits(await execution.connections.reader(place), pid);
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
