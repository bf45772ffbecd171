import { OperatorError } from '../../environments/operator-error';
import { ConnectError } from '../postgres/connect-errors';
import type { Contracts } from './connections';
import type { PlanMode } from './plan';

const UNREACHABLE = new Set(['CONNECT_REFUSED', 'CONNECT_TIMEOUT', 'CONNECT_HOST_UNKNOWN', 'CONNECT_FAILED']);

/**
 * A clone that is gone for good must not keep production from being freed of its slots: once its stack is destroyed,
 * a teardown or a reset goes on without it.
 */
export function withWayOut({ source, target }: Contracts, mode: PlanMode, cause: unknown): unknown {
  if (target === null || mode === 'apply' || !(cause instanceof ConnectError)) return cause;
  if (cause.side !== 'target' || !UNREACHABLE.has(cause.code)) return cause;
  const { environment, stacks } = source;
  return new OperatorError({
    code: cause.code,
    seen: cause.seen,
    why: `${cause.why} Meanwhile production keeps WAL for the clone.`,
    next: `${cause.next} If the clone is gone for good: cdktf destroy ${stacks.target}, then at once sql-runner ${mode} ${environment} again, which goes on without it.`,
    cause: cause.cause,
  });
}
