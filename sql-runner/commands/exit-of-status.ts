import { exitCode } from '../../errors/exit-codes';
import { isFollowing, type EnvironmentStatus } from '../actions/status';

/**
 * What status ends with, once it has shown the state.
 * @param beyond what `beyondLag` says of the streams
 */
export function exitOfStatus(status: EnvironmentStatus, beyond: readonly string[], exitZero: boolean): number {
  if (exitZero) return exitCode('done');
  return exitCode(isFollowing(status) ? 'done' : 'notInSync', beyond.length > 0 ? 'lagExceeded' : 'done');
}
