import { Connections } from '../../../sql-runner/connections/connections';
import type { Observation } from '../../../sql-runner/model/observation';
import { observe } from '../../../sql-runner/observe/observe';
import { inWorld, type World } from './fake-world';

/** What the engine reads of both sides of a fake world. */
export const observedIn = (world: World, connects = true): Promise<Observation> =>
  inWorld(world, async () => {
    const connections = new Connections(world.contracts, connects);
    return observe(connections).finally(() => connections.close());
  });
