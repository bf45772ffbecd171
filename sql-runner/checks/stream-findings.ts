import type { Found, StreamsCheck } from './check';
import type { SourceContract } from '../../contract/contract';
import { isLost } from '../resources/replication-slot';
import { conditionOf, otherReader, wasReplaced, type StreamCondition } from './stream-condition';
import {
  described,
  endsByRestart,
  errorCount,
  foreignLogin,
  holders,
  holderPids,
  lagOf,
  lastHeard,
  lockOf,
  named,
  seconds,
  terminate,
} from './stream-words';
import { refusedLogin } from './refused-login';
import { ddlStatement, wayOut } from './stream-ways-out';
import { conflictCounts, lastError, toldByLog } from './stream-cause-words';
import { displayTable } from '../model/table-selection';
import { streamsOf, type StreamOf, newClone } from '../model/streams';
import type { StreamsSeen, Scope, StreamLooks } from '../model/survey';

/**
 * Streams that do not stream. None of these stops a change of a plan: a
 * password, a connection or an enabled subscription may be what mends it.
 */
const BEHIND = 'the clone does not get the changes of production, which keeps WAL for it meanwhile';

/** The last way out of what cannot be put right; see docs/mend.md. */
const GOES_ON = 'the worker goes on by itself once that is put right; where it cannot be,';
const LEAVES_OUT =
  'what the transaction holds and leaves it out, whose rows then differ; or make a new clone, as the README says';

const disabled: StreamsCheck = {
  code: 'SUBSCRIPTION_DISABLED',
  holds: 'every subscription is enabled',
  side: 'streams',
  // What is held by consent is no fault: the plan tells of it.
  run: each(['disabled'], (_, of, { contract }) => ({
    severity: 'block',
    standing: true,
    seen: `${named(of)} is disabled`,
    why: BEHIND,
    next: `run sql-runner apply ${contract.environment}, which enables it where nothing is lost by that`,
  })),
};

const stopped: StreamsCheck = {
  code: 'APPLY_WORKER_STOPPED',
  holds: 'every subscription has an apply worker',
  side: 'streams',
  run: each(['stopped'], (looks, of, { contract, streams }) => {
    const count = errorCount(looks.last);
    const taker = otherReader(looks.first, looks.last);
    if (taker !== null)
      return {
        severity: 'block',
        standing: true,
        seen: `${named(of)} has no apply worker that stays; its slot ${of.stream.slot} is read by ${described(taker)} on the source meanwhile`,
        why: `one slot has one reader: either somebody else reads it, and what they confirm the clone never gets, or it is the sender of a connection that has broken; ${BEHIND}`,
        next: `see to it that nobody else reads the slot, then end who does, in database ${of.database} on the source: ${terminate(taker.pid)}`,
      };
    const way = wayOut(looks.cause, contract, of);
    return {
      severity: 'block',
      standing: true,
      seen: `${named(of)} has no apply worker that stays: none does after ${seconds(looks.seconds)}${count === null ? '' : `, ${count}`}${conflictCounts(looks.last)}${toldByLog(looks, streams!)}`,
      why: BEHIND,
      next: `${way === null ? '' : `${way.words}; `}run sql-runner apply ${contract.environment}: where nothing else explains it, it writes the connection again, which nobody can read; if it still stands, read the server's log of the clone: it says why the worker is not started, cannot connect or ends at once; the server tries it again by itself`,
    };
  }),
};

const failing: StreamsCheck = {
  code: 'APPLY_WORKER_FAILING',
  holds: 'no apply worker fails',
  side: 'streams',
  run: each(['failing'], (looks, of, { contract, streams }) => {
    const count = errorCount(looks.last);
    const way = wayOut(looks.cause, contract, of);
    const statement = ddlStatement(looks.cause);
    return {
      severity: 'block',
      standing: true,
      seen: `the apply worker of ${named(of)} ${looks.last.worker?.applyErrors === 1 ? 'has just failed' : 'fails again and again'}${count === null ? '' : `, ${count}`}${lastError(looks)}${conflictCounts(looks.last)}${toldByLog(looks, streams!)}`,
      why: 'it begins the same transaction anew: nothing that came later reaches the clone until the cause is put right, or has gone, and production keeps WAL for it',
      next:
        statement !== null
          ? `see it: sql-runner ddl show ${contract.environment} ${statement}; then have it carried out by ddl apply, or left out by ddl skip once the clone has what it did; the worker goes on by itself after that, and what stands behind it in ddl list comes too: do nothing of that by hand`
          : way === null
            ? `read the server's log of the clone: it names the table and the row or column; ${GOES_ON} sql-runner skip ${contract.environment} shows ${LEAVES_OUT}`
            : way.replaced !== undefined
              ? `on the clone ${displayTable(way.replaced)} is still the partition that the source has replaced under this name: sql-runner apply ${contract.environment} makes the new one there and copies its rows, and the stream goes on, once the old one is gone, with its rows, in database ${of.database} on the clone: ${way.sql}`
              : way.sql === null
                ? `${way.words}; ${GOES_ON} sql-runner skip ${contract.environment} shows ${LEAVES_OUT}`
                : `${GOES_ON} sql-runner skip ${contract.environment} shows ${LEAVES_OUT}; ${way.words}, in database ${of.database} on the clone: ${way.sql}`,
    };
  }),
};

const unread: StreamsCheck = {
  code: 'STREAM_NOT_STREAMING',
  holds: 'the slot of every stream is read by its worker',
  side: 'streams',
  run: each(['unread'], (looks, of, { contract, streams }) => {
    const { pid, slot } = looks.last.worker!;
    if (slot !== of.stream.slot)
      return {
        severity: 'block',
        standing: true,
        seen: `the apply worker of ${named(of)} reads slot ${slot ?? '(none)'}, and nobody reads slot ${of.stream.slot} of the source`,
        why: BEHIND,
        next: `run sql-runner apply ${contract.environment}, which gives it its own slot again, and compares every row`,
      };
    const way = wayOut(looks.cause, contract, of);
    return {
      severity: 'block',
      standing: true,
      seen: `the apply worker of ${named(of)} runs as process ${pid}, but nobody reads slot ${of.stream.slot} of the source${toldByLog(looks, streams!)}`,
      why: BEHIND,
      next: `${way === null ? '' : `${way.words}; `}it hangs, or reads from elsewhere${looks.last.reader === null ? '' : `: run sql-runner apply ${contract.environment}, which writes its connection again where nothing else explains it`}${endsByRestart(pid, streams!)}; to start it again, in database ${of.database} on the clone: ${terminate(pid)}`,
    };
  }),
};

const waits: StreamsCheck = {
  code: 'APPLY_WORKER_WAITS',
  holds: 'no apply worker waits for a lock',
  side: 'streams',
  run: each(['waiting'], (looks, of) => ({
    severity: 'block',
    standing: true,
    seen: `the apply worker of ${named(of)} waits for ${lockOf(looks)}; it is held by ${holders(looks.last)}`,
    why: BEHIND,
    next:
      holderPids(looks.last).length === 0
        ? `commit or roll back the prepared transactions of database ${of.database} on the clone that pg_prepared_xacts lists`
        : `let it end its transaction, or end its session, in database ${of.database} on the clone: ${holderPids(looks.last).map(terminate).join(' ')}`,
  })),
};

const silent: StreamsCheck = {
  code: 'APPLY_WORKER_SILENT',
  holds: 'every apply worker gets on',
  side: 'streams',
  run: each(['silent', 'busy'], (looks, of, { contract, streams }) => {
    const way = wayOut(looks.cause, contract, of);
    const busy = conditionOf(looks, streams!.timeouts) === 'busy';
    const pid = looks.last.worker?.pid;
    const replaced = wasReplaced(looks.first, looks.last);
    const count = looks.last.worker?.applyErrors === 0 ? null : errorCount(looks.last);
    return {
      severity: busy ? 'warn' : 'block',
      standing: true,
      seen: `the apply worker of ${named(of)}, process ${pid}, ${replaced ? 'was started anew' : `${lastHeard(looks.last)} and was not seen to get on`} in ${seconds(looks.seconds)}${count === null ? '' : `, ${count}`}; the source is ${lagOf(looks.last) ?? 'an unknown number of'} bytes of WAL ahead${toldByLog(looks, streams!)}`,
      why: replaced
        ? 'whatever ended the one before may end this one too, before it has applied what it receives anew; such an end is counted nowhere'
        : busy
          ? 'it may be at work on one large transaction, or come to an error in it once more: whether it gets on cannot be seen'
          : 'it hangs, or what is sent to it is lost on the way: the clone gets no changes, and production keeps WAL for it',
      next: `${way === null ? '' : `${way.words}; `}${
        replaced
          ? "look again in a minute; if it is started anew each time, the server's log of the clone says what ends it: put that right, a timeout that a database or a role of the clone is given, for instance"
          : `look again in a minute, and end it if it still does not get on${endsByRestart(pid, streams!)}; to end it, in database ${of.database} on the clone: ${terminate(pid)}`
      }`,
    };
  }),
};

/** The connection itself cannot be read; see connection-doubts.ts. */
const connection: StreamsCheck = {
  code: 'CONNECTION_ALTERED',
  holds: 'every stream that is connected logs in as the replication role, with TLS',
  side: 'streams',
  run: (streams, { contract }) =>
    streamsOf(contract).flatMap((of) => {
      const seen = foreignLogin(contract, streams.looks[of.stream.subscription], conditionIn(streams, of));
      if (seen === null) return [];
      return [
        {
          severity: 'block',
          standing: true,
          seen: `${named(of)} has another connection than sql-runner gave it: ${seen}`,
          why: 'it stops when that login changes, may do more on production than replicate, or shows what it sends to the network',
          next: `run sql-runner apply ${contract.environment}, which writes its connection again`,
        },
      ];
    }),
};

function each(
  conditions: readonly StreamCondition[],
  tell: (looks: StreamLooks, of: StreamOf, scope: Scope) => Found,
): StreamsCheck['run'] {
  return (streams, scope) =>
    streamsOf(scope.contract).flatMap((of) => {
      const looks = streams.looks[of.stream.subscription];
      if (looks === undefined || !conditions.includes(conditionOf(looks, streams.timeouts))) return [];
      if (scope.held?.includes(of.stream.subscription) === true) return [];
      const finding = tell(looks, of, scope);
      return [isForNothing(scope, of) ? { ...finding, ...forNothing(scope.contract) } : finding];
    });
}

/** Its slot is lost, or gone. */
function isForNothing({ source }: Scope, of: StreamOf): boolean {
  if (source === null) return false;
  const slot = source.slots.find(({ name }) => name === of.stream.slot);
  return slot === undefined || isLost(slot);
}

/** Whatever else is the matter with it, no worker can read a lost slot again. */
const forNothing = (contract: SourceContract): Pick<Found, 'why' | 'next'> => ({
  why: 'its slot is lost, so it can never go on; production keeps no WAL for it any more',
  next: newClone(contract),
});

export function conditionIn(streams: StreamsSeen, of: StreamOf): StreamCondition {
  const looks = streams.looks[of.stream.subscription];
  return looks === undefined ? 'absent' : conditionOf(looks, streams.timeouts);
}

export const streamConditionChecks = [disabled, stopped, failing, unread, waits, silent, connection, refusedLogin];
