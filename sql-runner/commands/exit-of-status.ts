import { exitCode } from '../../errors/exit-codes';
import type { EnvironmentStatus } from '../actions/status';
import { isHealthy, type Problem } from '../model/health';

/**
 * What status ends with, once it has shown the state.
 * @param beyond what `beyondLag` says of the streams
 */
export function exitOfStatus(status: EnvironmentStatus, beyond: readonly string[], exitZero: boolean): number {
  if (exitZero) return exitCode('done');
  const isCost = ({ code }: Problem): boolean => code === 'WAL_BUDGET_EXCEEDED';
  const costs = status.streams.some(({ problems }) => problems.some(isCost));
  const follows = status.streams.every(({ state, problems }) =>
    isHealthy({ state, problems: problems.filter((one) => !isCost(one)) }),
  );
  return exitCode(follows ? 'done' : 'notInSync', costs || beyond.length > 0 ? 'lagExceeded' : 'done');
}
