import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer is not null.
 * @returns the answer, or null when `timeoutMs` has passed without one
 */
export async function waitFor<T>(ask: () => Promise<T | null>, timeoutMs: number, everyMs = 250): Promise<T | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() >= deadline) return null;
    await pause(everyMs);
  }
}
