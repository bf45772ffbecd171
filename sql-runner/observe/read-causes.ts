import { readServerLog, type LogTail } from '../aws/server-log';
import { causesIn, OF_CONNECTION, type TroubledStream } from '../checks/log-causes';
import { logEntries } from '../checks/log-entries';
import { conditionOf, wasReplaced } from '../checks/stream-condition';
import type { Connections } from '../connections/connections';
import type { Reading } from '../connections/reading';
import type { CauseKind, StreamCause } from '../model/stream-cause';
import { streamsOf, type StreamOf } from '../model/streams';
import type { StreamLooks, StreamsSeen } from '../model/survey';
import { isDeletableByKey, knownSubscriptions } from '../postgres/catalog/apply-workers';

/** Whoever watches looks every few seconds; the log is not read as often. */
const AGAIN_MS = 60_000;
/** But sooner where a stream is in trouble of which it was not read: until then nothing is said of why. */
const ANEW_MS = 10_000;

interface Known {
  readonly at: number;
  readonly log: StreamsSeen['log'];
  readonly causes: ReadonlyMap<string, StreamCause>;
  /**
   * Of each stream in trouble: up to where it had confirmed. One that has confirmed more has come over that trouble, and
   * what was the way out of it may well do harm in the next: the row to be deleted is production's by now.
   */
  readonly confirmed: ReadonlyMap<string, string | null>;
}

/** Of those that look again and again by the same connections. */
const known = new WeakMap<Connections, Known>();

/**
 * The same, with what the clone's log says of streams that do not stream. It is read where there are such, once for all.
 * @param began when the first look was, by the clock here
 */
export async function withCauses(reading: Reading, seen: StreamsSeen, began: number): Promise<StreamsSeen> {
  const troubled = streamsOf(reading.contracts.source).filter((of) => isTroubled(seen, of));
  if (troubled.length === 0 || reading.contracts.target === null) return seen;
  const before = known.get(reading.connections);
  const isSame = ({ stream }: StreamOf) => before?.confirmed.get(stream.subscription) === confirmedOf(seen, stream);
  const patienceMs = troubled.every(isSame) ? AGAIN_MS : ANEW_MS;
  const isRecent = before !== undefined && Date.now() - before.at < patienceMs;
  const now = isRecent ? before : await read(reading, seen, troubled, began);
  known.set(reading.connections, now);
  const told = isRecent ? troubled.filter(isSame) : troubled;
  const names = new Set(told.map(({ stream }) => stream.subscription));
  const looks = Object.entries(seen.looks).map(([name, one]): [string, StreamLooks] => [
    name,
    names.has(name) ? { ...one, cause: now.causes.get(name) ?? null } : one,
  ]);
  return { ...seen, looks: Object.fromEntries(looks), log: now.log };
}

const confirmedOf = ({ looks }: StreamsSeen, { subscription }: StreamOf['stream']): string | null =>
  looks[subscription]!.last.reader?.confirmedLsn ?? null;

/** Where a lock keeps it, or somebody disabled it, that is seen without the log. */
function isTroubled({ looks, timeouts }: StreamsSeen, { stream }: StreamOf): boolean {
  const own = looks[stream.subscription];
  if (own === undefined) return false;
  const condition = conditionOf(own, timeouts);
  if (condition === 'busy') return wasReplaced(own.first, own.last) || (own.last.worker?.applyErrors ?? 0) > 0;
  return ['failing', 'stopped', 'unread', 'silent'].includes(condition);
}

async function read(
  reading: Reading,
  seen: StreamsSeen,
  troubled: readonly StreamOf[],
  began: number,
  apart: readonly CauseKind[] = [],
): Promise<Known> {
  const cluster = reading.contracts.target!.cluster.identifier;
  const at = Date.now();
  const [log, subscriptions] = await Promise.all([
    reading.aws('target', readServerLog, cluster),
    reading.again({ side: 'target', database: seen.database }, knownSubscriptions),
  ]);
  const clock = subscriptions[0]?.readAt;
  const moment = {
    // Both clocks may differ by any amount: how long ago the first look was does not.
    lookedAt: (clock === undefined ? at : Date.parse(clock)) - (at - began),
    retryMs: seen.timeouts.retryMs,
  };
  const streams = troubled.map((of) => troubledStream(of, seen.looks[of.stream.subscription]!));
  const causes = causesIn(log.tail, subscriptions, streams, moment, apart);
  const confirmed = new Map(troubled.map(({ stream }) => [stream.subscription, confirmedOf(seen, stream)]));
  return { at, log: logSeen(log), causes: await withKeys(reading, troubled, causes), confirmed };
}

/**
 * Of these streams what the log has last of what was sent; what kept a worker from its slot is passed over: whoever looks
 * into that keeps it from it for a moment.
 */
export async function causesOfData(
  reading: Reading,
  seen: StreamsSeen,
  troubled: readonly StreamOf[],
  began: number,
): Promise<Map<string, StreamCause>> {
  if (troubled.length === 0) return new Map();
  const { causes } = await read(reading, seen, troubled, began, OF_CONNECTION);
  return new Map(causes);
}

function troubledStream({ database, stream }: StreamOf, { first, last }: StreamLooks): TroubledStream {
  const { worker, reader } = last;
  return {
    subscription: stream.subscription,
    database,
    worker: worker?.pid == null || worker.startedAt === null ? null : { pid: worker.pid, startedAt: worker.startedAt },
    stays: worker?.pid != null && worker.pid === first.worker?.pid && worker.startedAt === first.worker.startedAt,
    read: reader?.active === true,
    confirmedLsn: reader?.confirmedLsn ?? null,
  };
}

const logSeen = ({ tail, unread, writer }: LogTail) => ({ unread, since: logEntries(tail)[0]?.at ?? null, writer });

/** What may be deleted depends on which key it is. */
async function withKeys(
  reading: Reading,
  troubled: readonly StreamOf[],
  causes: ReadonlyMap<string, StreamCause>,
): Promise<Map<string, StreamCause>> {
  const judged = new Map(causes);
  for (const { database, stream } of troubled) {
    const cause = causes.get(stream.subscription);
    if (cause?.kind !== 'conflict' || cause.table === null || cause.constraint === null) continue;
    const place = { side: 'target', database } as const;
    const deletable = await reading.again(place, isDeletableByKey, cause.table, cause.constraint);
    judged.set(stream.subscription, { ...cause, deletable });
  }
  return judged;
}
