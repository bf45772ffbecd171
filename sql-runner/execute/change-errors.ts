import { OperatorError } from '../../errors/operator-error';
import { quoteInteger } from '../postgres/text/quoting';
import { serverSaid, type ServerError } from '../postgres/text/server-said';
import { wayIn } from '../postgres/way-in';
import type { Change } from '../model/change';
import { describeWaits, type WaitedInVain } from './lock-wait';

const LOCK_NOT_AVAILABLE = '55P03';
const WHY = 'the change was undone by the database; those before it are done and stay';
const AGAIN = 'run the same command again: it carries on from here';

/** Never the statement: it may hold what must not be shown. */
export function changeFailed(change: Change, cause: unknown): OperatorError {
  const error = cause as ServerError;
  return new OperatorError({
    code:
      error.code === LOCK_NOT_AVAILABLE
        ? 'LOCK_TIMEOUT'
        : error.code === '42501'
          ? 'PRIVILEGE_MISSING'
          : 'CHANGE_FAILED',
    seen: `${change.id}: ${serverSaid(error)}`,
    why: WHY,
    next: `remove the cause and ${AGAIN}`,
    cause,
  });
}

/** @param what was to be done: the id of a change */
export function lockTimeout(what: string, { place, waits, cause }: WaitedInVain): OperatorError {
  const ends = waits
    .filter(({ pid }) => pid !== 0)
    .map(({ pid }) => `SELECT pg_terminate_backend(${quoteInteger(pid)});`);
  const locked = waits.flatMap(({ table }) => (table === null ? [] : { schema: table.split('.')[0]! }));
  const where = `in database ${wayIn(place.database, locked)} on the ${place.side === 'source' ? 'source' : 'clone'}`;
  const ending = ends.length === 0 ? '' : `; or end it before, ${where}: ${ends.join(' ')}`;
  return new OperatorError({
    code: 'LOCK_TIMEOUT',
    seen: `${what} waited in vain for ${waits.length === 0 ? 'a lock' : describeWaits(waits)}`,
    why: `it gave up, as it must not stand in the way of others; ${WHY}`,
    next: `wait until that has ended, then ${AGAIN}${ending}`,
    cause,
  });
}
