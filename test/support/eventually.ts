import { PATIENCE_MS } from './patience';

/**
 * Asks again until the answer is true, and returns it. For what a server does
 * in its own time.
 *
 * @param patience milliseconds
 * @throws Error with the last answer when the patience ends
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  patience = PATIENCE_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + patience;
  for (;;) {
    const asked = Date.now();
    const answer = await ask();
    if (answer) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > deadline) {
      throw new Error(`Still ${String(answer)} after ${patience} ms.`);
    }
    // What is dear to ask leaves the processor as long to those that are waited for.
    const pause = Math.min(Math.max(Date.now() - asked, 20), 1_000);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
