import type { Side } from '../../../lab/lab';
import { startServer, stopServer } from '../../../lab/postgres/server-process';
import { serverOf } from '../../../lab/servers';
import { trouble, type SoakEvent } from './event';

/** A server is away for a while: stopped in order, or ended without a checkpoint. */
export const restart = (side: Side, mode: 'fast' | 'immediate'): SoakEvent =>
  trouble({
    bring: ({ world }) => stopServer(serverOf(world.lab, side), mode),
    heal: ({ world }) => startServer(serverOf(world.lab, side)),
  });

/**
 * As much of a failover as the lab can do: the server ends without a checkpoint, and another one is there at once
 * under the same endpoint, on the same storage, with nothing of what the first had in memory. That the endpoint comes
 * to lead to another address, and what Aurora does with slots, cannot be shown here.
 */
export const failover = (side: Side): SoakEvent =>
  trouble({
    passing: true,
    bring: ({ world }) => stopServer(serverOf(world.lab, side), 'immediate'),
    heal: ({ world }) => startServer(serverOf(world.lab, side)),
  });
