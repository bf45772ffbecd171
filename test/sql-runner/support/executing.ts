import type { Place } from '../../../sql-runner/model/address';
import type { Execution } from '../../../sql-runner/execute/execution';
import { inWorld, type World } from './fake-world';

/** What an operation does in the world, as if a run held the lock. */
export const executing = <T>(world: World, body: (execution: Execution) => Promise<T>): Promise<T> =>
  inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    const writer = (place: Place) => connections.writer(place, async () => undefined);
    try {
      return await body({
        connections,
        listener: (event) => world.events.push(event),
        interrupted: () => false,
        writer,
      });
    } finally {
      await connections.close();
    }
  });
