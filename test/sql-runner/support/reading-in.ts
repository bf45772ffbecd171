import type { Reading } from '../../../sql-runner/connections/reading';
import { inWorld, type World } from './fake-world';

/** Reads a fake world as one plan does, and leaves nothing open. */
export const readingIn = <T>(world: World, body: (reading: Reading) => Promise<T>, connects = true): Promise<T> =>
  inWorld(world, async () => {
    const connections = world.opening(world.contracts, connects);
    try {
      return await body(connections.reading());
    } finally {
      await connections.close();
      expect(world.open.size).toBe(0);
    }
  });
