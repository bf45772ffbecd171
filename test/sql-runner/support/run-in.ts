import { run, type RunOptions, type RunOutcome } from '../../../sql-runner/actions/run';
import { inWorld, newWorld, type World } from './fake-world';
import { following } from './observations';

export function runIn(world: World, overrides: Partial<RunOptions> = {}): Promise<RunOutcome> {
  const options: RunOptions = {
    mode: 'apply',
    allowReboot: false,
    confirm: async () => true,
    saved: null,
    lockTimeoutMs: 0,
    syncTimeoutMs: 0,
    interrupted: () => false,
    listener: (event) => world.events.push(event),
    ...overrides,
  };
  return inWorld(world, () => run(world.opening, world.contracts, options));
}

export const types = (world: World) => world.events.map(({ type }) => type);
export const fences = (world: World) => world.log.filter((line) => line.includes('SET default_transaction_read_only'));

/** Streams that follow, and a fence to be raised on both databases: two harmless changes. */
export function fencing(): World {
  const world = newWorld(following);
  world.contracts.target!.readOnly = true;
  world.observation.target!.fence = true;
  return world;
}
