import { OperatorError } from '../../errors/operator-error';
import { ConnectError } from '../postgres/connect-errors';
import type { Side } from '../../contract/contract';

/** What AWS refuses about a cluster, or the login to it, keeps from that side as a refused connection does. */
export async function ofSide<T>(side: Side, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (cause) {
    if (!(cause instanceof OperatorError) || cause instanceof ConnectError) throw cause;
    throw new ConnectError(side, cause);
  }
}
