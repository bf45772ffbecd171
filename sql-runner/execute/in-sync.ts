import { OperatorError } from '../../errors/operator-error';
import { troubleOf } from '../checks/stream-trouble';
import { currentFlushLsn } from '../postgres/catalog/server';
import { slotReaders } from '../postgres/catalog/senders';
import { replicationSlots } from '../postgres/catalog/slots';
import { compareLsn, lsnDistance } from '../postgres/text/lsn';
import type { StreamOf } from '../model/streams';
import type { Connections } from '../connections/connections';
import type { Listener } from '../model/events';
import { haveArrived, type SentBeat } from './heartbeat';
import { stillHold, type StillHeld } from '../observe/look-again';
import { lookFrom } from '../observe/look-at-streams';
import { GaveUp } from './execution';
import { SyncProgress } from './sync-progress';
import { SyncTrouble } from './sync-trouble';
import { waitFor } from './wait';

export interface WaitOptions {
  readonly beats: readonly SentBeat[];
  /** The operator has asked to stop. */
  readonly interrupted: () => boolean;
  /** Called once everything has arrived; throws what speaks against saying so. */
  readonly refuseLeft: () => Promise<void>;
}

/**
 * Waits until every stream has applied all that the source had written when the
 * wait began. The slot's confirmed_flush_lsn tells how far it is: a subscriber
 * confirms only what it has applied and flushed. That nothing was skipped on the
 * way, beats tell that were written at the beginning and must arrive, with all
 * before them. What happened to the streams meanwhile is looked at in the end.
 * @returns seconds it took; null when it was interrupted
 */
export async function waitInSync(
  connections: Connections,
  streams: readonly StreamOf[],
  timeoutMs: number,
  listener: Listener,
  { beats, interrupted, refuseLeft }: WaitOptions,
): Promise<number | null> {
  const started = Date.now();
  const source = await connections.reader({ side: 'source', database: streams[0]!.database });
  const goal = await currentFlushLsn(source);
  const progress = new SyncProgress(listener);
  const trouble = new SyncTrouble(connections, streams, listener);
  let before = Infinity;
  let held: StillHeld | null = null;
  const look = async () => {
    const dead = trouble.dead();
    if (dead !== null) throw vain(goal, (Date.now() - started) / 1_000, dead);
    const { lag, unsent, read } = await slowest(connections, streams, goal);
    if (lag === 0 && read && (await haveArrived(connections, beats))) held = await stillHold(connections, streams);
    if (held !== null) return 'arrived';
    if (lag < before) trouble.moved();
    before = lag;
    trouble.lookAgain();
    progress.report({ lag, unsent });
    return null;
  };
  try {
    if ((await waitFor(look, timeoutMs, undefined, interrupted)) === null)
      throw await notInSync(connections, streams, goal, timeoutMs);
  } catch (cause) {
    if (cause instanceof GaveUp) return null;
    throw cause;
  }
  await refuseLeft();
  const seconds = (Date.now() - started) / 1000;
  const proven = new Set(beats.map(({ of }) => of.stream.subscription));
  const unproven = streams.filter(({ stream }) => !proven.has(stream.subscription)).map(({ database }) => database);
  listener({ type: 'in-sync', seconds, unproven, unlooked: held!.unlooked });
  return seconds;
}

/**
 * Bytes of WAL up to `goal` that the slowest stream has not confirmed, and
 * whether every slot is read: one that nobody reads says nothing of the clone,
 * wherever it stands.
 */
async function slowest(connections: Connections, streams: readonly StreamOf[], goal: string) {
  const session = await connections.reader({ side: 'source', database: streams[0]!.database });
  const [slots, readers] = [await replicationSlots(session), await slotReaders(session)];
  const own = streams.map((of) => slots.find(({ name }) => name === of.stream.slot));
  const lag = Math.max(...own.map((slot) => lagOf(slot?.confirmedFlushLsn ?? null, goal)));
  const sent = streams.map((of) => readers.find(({ slot }) => slot === of.stream.slot)?.sentLsn ?? null);
  const unsent = sent.includes(null) ? null : Math.max(...sent.map((lsn) => lagOf(lsn, goal)));
  return { lag, unsent, read: own.every((slot) => slot?.active === true) };
}

function lagOf(confirmed: string | null, goal: string): number {
  if (confirmed === null) return Number.MAX_SAFE_INTEGER;
  return compareLsn(confirmed, goal) >= 0 ? 0 : Number(lsnDistance(confirmed, goal));
}

/** Seen again and again: none of these follows before somebody has put something right. */
function vain(goal: string, seconds: number, dead: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'NOT_IN_SYNC',
    seen: `not every stream has reached ${goal}, and ${Math.round(seconds)} s after the wait began some cannot without help: ${dead.join('; ')}`,
    why: 'everything is set up, but the clone does not follow the source, and to wait on would not change that',
    next: 'sql-runner doctor says what to do about each; then run the same command again',
  });
}

async function notInSync(
  connections: Connections,
  streams: readonly StreamOf[],
  goal: string,
  timeoutMs: number,
): Promise<OperatorError> {
  const seen = await lookFrom(connections.reading(), streams[0]!.database, null);
  const states = streams.flatMap((of) => {
    const confirmed = seen.looks[of.stream.subscription]!.last.reader?.confirmedLsn ?? null;
    const trouble = troubleOf(connections.contracts.source, seen, of);
    if (trouble === null && lagOf(confirmed, goal) === 0) return [];
    return [`${of.database}: ${trouble ?? `confirmed ${confirmed ?? 'nothing'}`}`];
  });
  // Since the time was up the last one may have got there.
  const missing = states.length === 0 ? 'by now every one has' : states.join('; ');
  return new OperatorError({
    code: 'NOT_IN_SYNC',
    seen: `not every stream has reached ${goal} after ${Math.round(timeoutMs / 1000)} s: ${missing}`,
    why: 'everything is set up, but the clone is behind the source',
    next: 'sql-runner doctor says what to do about a stream that is stuck; of one that moves sql-runner status shows the lag, and --sync-timeout sets how long apply waits',
  });
}
