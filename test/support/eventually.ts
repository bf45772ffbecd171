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
    const answer = await ask();
    if (answer) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > deadline) {
      throw new Error(`Still ${String(answer)} after ${patience} ms.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
