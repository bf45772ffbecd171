import type { Side } from '../../../lab/lab';
import { keepFiles as keepFilesOf, type OlderFiles } from '../../../lab/older-files';
import { serverOf, whileStopped as whileServerIsStopped } from '../../../lab/servers';
import type { DirectLab } from './direct-lab';

/** Stops a server, copies its files and starts it again. They go away with the lab. */
export const keepFiles = (world: DirectLab, side: Side): Promise<OlderFiles> => keepFilesOf(serverOf(world.lab, side));

/** Does something while nothing listens there. */
export const whileStopped = (world: DirectLab, side: Side, work: () => Promise<void>): Promise<void> =>
  whileServerIsStopped(serverOf(world.lab, side), work);

/** Ends it without a checkpoint, as a power failure does, and starts it again. */
export const crash = (world: DirectLab, side: Side): Promise<void> =>
  whileServerIsStopped(serverOf(world.lab, side), () => Promise.resolve(), 'immediate');

/** Statements that write, so many times, much more WAL than a server writes by itself. */
export function muchWal(times: number): string[] {
  return Array.from({ length: times }, () => [
    'CREATE TABLE w AS SELECT generate_series(1, 2000)',
    'DROP TABLE w',
  ]).flat();
}
