import { setTimeout as pause } from 'node:timers/promises';
import { GaveUp } from './execution';

const LOOK_EVERY_MS = 100;

/**
 * Asks until the answer is not null.
 * @param interrupted the operator has asked to stop; looked at while an answer is waited for, too
 * @returns the answer, or null when `timeoutMs` has passed without one
 * @throws GaveUp once it is interrupted
 */
export async function waitFor<T>(
  ask: () => Promise<T | null>,
  timeoutMs: number,
  everyMs = 250,
  interrupted: () => boolean = () => false,
): Promise<T | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await unlessStopped(ask, interrupted);
    if (answer !== null) return answer;
    if (Date.now() >= deadline) return null;
    await pause(everyMs);
  }
}

/**
 * Does what only reads, or can be left where it is.
 * @throws GaveUp as soon as the operator asks to stop; what is under way then ends with its session
 */
export async function unlessStopped<T>(work: () => Promise<T>, interrupted: () => boolean): Promise<T> {
  if (interrupted()) throw new GaveUp();
  const working = work();
  // Whoever has given up wants to know nothing more of it.
  working.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    timer = setInterval(() => interrupted() && reject(new GaveUp()), LOOK_EVERY_MS);
  });
  try {
    return await Promise.race([working, stopped]);
  } finally {
    clearInterval(timer);
  }
}
