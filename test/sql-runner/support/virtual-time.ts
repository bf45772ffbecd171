import type * as Timers from 'node:timers/promises';

/** Runs `body` while pauses take no time, and the clock moves on by them all the same. */
export async function inVirtualTime<T>(body: () => Promise<T>): Promise<T> {
  const timers = jest.requireActual<typeof Timers>('node:timers/promises');
  const { now } = Date;
  let skipped = 0;
  const pause = jest.spyOn(timers, 'setTimeout').mockImplementation(async (milliseconds = 0, value) => {
    skipped += milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
    return value!;
  });
  // A test may have a clock of its own.
  Date.now = () => now() + skipped;
  try {
    return await body();
  } finally {
    Date.now = now;
    pause.mockRestore();
  }
}
