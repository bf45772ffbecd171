import type { StreamLook, StreamLooks } from '../model/survey';
import type { ApplyWorker, WorkerTimeouts } from '../postgres/catalog/apply-workers';
import type { SlotReader } from '../postgres/catalog/senders';
import { compareLsn } from '../postgres/text/lsn';

/**
 * - streaming: all that was written at the first look is confirmed
 * - catching up: behind, and moving
 * - busy: behind, and one of both sides is at work on something, but nothing shows that it gets on
 * - undecided: one look tells too little
 */
export type StreamCondition =
  | 'absent'
  | 'disabled'
  | 'failing'
  | 'stopped'
  | 'unread'
  | 'waiting'
  | 'silent'
  | 'streaming'
  | 'catching up'
  | 'busy'
  | 'undecided';

const YOUNG_MS = 600_000;
const JUST_BEGUN_MS = 60_000;

export function conditionOf(
  { first, last }: Pick<StreamLooks, 'first' | 'last'>,
  timeouts: WorkerTimeouts,
): StreamCondition {
  const { worker, reader } = last;
  if (worker === null) return 'absent';
  if (!worker.enabled) return 'disabled';
  if (isHeldUp(first, last)) return first === last ? 'undecided' : 'waiting';
  const caughtUp = isCaughtUp(first, last);
  if (!caughtUp && hasFailed(first, last)) return 'failing';
  if (worker.pid === null || otherReader(first, last) !== null) return 'stopped';
  if (reader?.active !== true) return isAnother(first, last) ? 'stopped' : 'unread';
  if (isSilent(worker, timeouts.receiverMs)) return 'silent';
  if (caughtUp) return 'streaming';
  if (first === last) return 'undecided';
  if (hasMoved(first, last)) return mayFailAgain(worker) || wasReplaced(first, last) ? 'busy' : 'catching up';
  return isAtWork(last, timeouts) ? 'busy' : 'silent';
}

/**
 * Before all else that can be seen of it: whoever waits for a lock does not answer, so the source ends its WAL sender
 * after wal_sender_timeout (WalSndCheckTimeOut in walsender.c), and the worker notices only once it has the lock. A
 * worker that was started anew comes to the same lock again.
 */
function isHeldUp(first: StreamLook, last: StreamLook): boolean {
  return isWaiting(last) && (isWaiting(first) || last.reader?.active !== true);
}

function isCaughtUp(first: StreamLook, last: StreamLook): boolean {
  const confirmed = last.reader?.confirmedLsn ?? null;
  return confirmed !== null && compareLsn(confirmed, first.flushLsn) >= 0;
}

/**
 * Who kept the slot at both looks while the subscription had no worker, or changed it: one sender serves one worker.
 * null: nobody, or it is not to be seen.
 */
export function otherReader(first: StreamLook, last: StreamLook): SlotReader | null {
  const { reader, worker } = last;
  if (reader?.active !== true || reader.pid === null || reader.pid !== first.reader?.pid) return null;
  return worker?.pid === null || isAnother(first, last) ? reader : null;
}

/**
 * After an error the worker ends and is started anew: the count grows or, where
 * the server does not count, another process is there, or none. Errors before it
 * applies anything, of the connection for instance, are not counted.
 */
function hasFailed(first: StreamLook, last: StreamLook): boolean {
  const before = first.worker?.applyErrors ?? null;
  const now = last.worker?.applyErrors ?? null;
  if (before !== null && now !== null) return now > before;
  // One that was not there at the first look has not failed since.
  return first.worker !== null && isAnother(first, last) && otherReader(first, last) === null;
}

function isAnother(first: StreamLook, last: StreamLook): boolean {
  return first.worker?.startedAt !== last.worker?.startedAt;
}

/**
 * What ends a worker by FATAL (transaction_timeout, its termination) is counted nowhere: it is only seen to be another.
 * @param last has a worker that runs
 */
export function wasReplaced(first: StreamLook, last: StreamLook): boolean {
  return first.worker?.pid != null && isAnother(first, last);
}

const isWaiting = ({ worker }: StreamLook): boolean => worker !== null && worker.holders.length > 0;

/**
 * An idle worker asks for a sign of life after half of wal_receiver_timeout
 * (LogicalRepApplyLoop in worker.c) and gets it at once.
 */
function isSilent({ silentSeconds }: ApplyWorker, receiverMs: number): boolean {
  return receiverMs > 0 && silentSeconds !== null && silentSeconds > receiverMs / 2_000 + 10;
}

function hasMoved(first: StreamLook, last: StreamLook): boolean {
  if (first.reader?.confirmedLsn !== last.reader?.confirmedLsn) return true;
  if (mayFailAgain(last.worker!)) return false;
  return (
    first.worker?.lastMessage !== last.worker?.lastMessage || first.worker?.receivedLsn !== last.worker?.receivedLsn
  );
}

/**
 * A worker that fails far into a transaction receives all of it anew after each start, which looks like progress for
 * as long as that takes; of what it has received of a transaction that is not committed yet it confirms the position
 * too (send_feedback in worker.c). Whether one that is young gets on, or comes to the error again, cannot be seen.
 */
function mayFailAgain(worker: ApplyWorker): boolean {
  return worker.applyErrors !== 0 && isYoungerThan(YOUNG_MS, worker);
}

function isYoungerThan(milliseconds: number, { startedAt, lastMessage }: ApplyWorker): boolean {
  if (startedAt === null || lastMessage === null) return true;
  return Date.parse(lastMessage) - Date.parse(startedAt) < milliseconds;
}

/**
 * A worker that waits for messages is not at work on any. Then the source must
 * be reading WAL of which it has nothing to send; meanwhile the idle worker
 * answers every wal_receiver_status_interval.
 */
function isAtWork({ worker, reader }: StreamLook, { statusMs }: WorkerTimeouts): boolean {
  if (worker?.waitEvent !== 'LogicalApplyMain') return true;
  const reading = reader?.waitEvent?.startsWith('WalSender') !== true;
  const answers = statusMs === 0 || (reader?.replySeconds ?? 0) * 1_000 < statusMs + 3_000;
  return reading && answers;
}

/**
 * Nothing more is learnt by looking again. A worker that has only just begun, and confirmed nothing yet, may be ended
 * before it gets to the end of the transaction that it receives.
 */
export function isDecided(condition: StreamCondition, { first, last }: Pick<StreamLooks, 'first' | 'last'>): boolean {
  if (condition !== 'catching up') return ['absent', 'disabled', 'streaming'].includes(condition);
  return first.reader?.confirmedLsn !== last.reader?.confirmedLsn || !isYoungerThan(JUST_BEGUN_MS, last.worker!);
}
