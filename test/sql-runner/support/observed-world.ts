import { Connections } from '../../../sql-runner/engine/connections';
import type { Observation } from '../../../sql-runner/engine/observation';
import { observe } from '../../../sql-runner/engine/observe';
import { inWorld, type World } from './fake-world';

/** What the engine reads of both sides of a fake world. */
export const observedIn = (world: World, connects = true): Promise<Observation> =>
  inWorld(world, async () => {
    const connections = new Connections(world.contracts, connects);
    return observe(connections).finally(() => connections.close());
  });
