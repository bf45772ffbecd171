import type { Observation } from '../../../sql-runner/model/observation';
import { observe } from '../../../sql-runner/observe/observe';
import type { World } from './fake-world';
import { readingIn } from './reading-in';

/** What the engine reads of both sides of a fake world. */
export const observedIn = (world: World, connects = true): Promise<Observation> =>
  readingIn(world, (reading) => observe(reading), connects);
