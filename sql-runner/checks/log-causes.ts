import type { CauseKind, StreamCause } from '../model/stream-cause';
import { compareLsn } from '../postgres/text/lsn';
import { logEntries, type LogEntry } from './log-entries';
import { originOf, partsOf } from './log-parts';

/** A subscription of the clone, of ours or not. */
export interface LoggedSubscription {
  readonly oid: number;
  readonly name: string;
  readonly database: string;
  readonly slot: string | null;
  readonly enabled: boolean;
}

/** A stream whose trouble has a cause. */
export interface TroubledStream {
  readonly subscription: string;
  readonly database: string;
  /** Its worker now, and since when; null: none. */
  readonly worker: { readonly pid: number; readonly startedAt: string } | null;
  /** The same process was there at the first look. */
  readonly stays: boolean;
  /** Somebody reads its slot: what kept it from connecting is over. */
  readonly read: boolean;
  readonly confirmedLsn: string | null;
}

export interface LogMoment {
  /** Of the first look, by the clone's clock. */
  readonly lookedAt: number;
  /** wal_retrieve_retry_interval: within it, a worker that ended is started again. */
  readonly retryMs: number;
}

/** Between an error and the start of the next worker there is some work besides; a log may have whole seconds only. */
const SLACK_MS = 5_000;

/** What keeps a worker from reading, whatever is sent. */
export const OF_CONNECTION: readonly CauseKind[] = [
  'login refused',
  'not let in',
  'role refused',
  'authority unread',
  'certificate refused',
  'host unknown',
  'not reached',
  'database missing',
  'no room',
  'slot gone',
  'slot in use',
  'slot lost',
];

/**
 * For each stream in trouble what the log has of it last; absent: nothing that is of now.
 * @param apart kinds that are passed over
 */
export function causesIn(
  text: string,
  subscriptions: readonly LoggedSubscription[],
  streams: readonly TroubledStream[],
  moment: LogMoment,
  apart: readonly CauseKind[] = [],
): Map<string, StreamCause> {
  const told = owned(logEntries(text), subscriptions, streams).filter(
    ({ entry }) => !apart.includes(partsOf(entry).kind),
  );
  const found = new Map<string, StreamCause>();
  for (const stream of streams) {
    const own = told.filter(
      ({ owners, entry }) => owners.some((one) => isOf(one, stream)) && isOfNow(entry, stream, moment),
    );
    // What is of it for certain says more than what may be.
    const { entry, owners } = own.filter(({ owners }) => owners.length === 1).at(-1) ?? own.at(-1) ?? {};
    if (entry === undefined) continue;
    const among = owners!.length === 1 ? [] : owners!.map(({ name, database }) => `${name} in database ${database}`);
    found.set(stream.subscription, { ...partsOf(entry), among });
  }
  return found;
}

const isOf = (one: LoggedSubscription, stream: TroubledStream): boolean =>
  one.name === stream.subscription && one.database === stream.database;

interface Owned {
  readonly entry: LogEntry;
  /** One: of it for certain. Several: of one of these. */
  readonly owners: readonly LoggedSubscription[];
}

const STARTED =
  /^logical replication (?:apply worker|parallel apply worker|worker) for subscription "(.*)" has started$/;
const COPIES = /^logical replication table synchronization worker for subscription "/;
const EXITED = /^background worker ".*" \(PID (\d+)\) exited/;

/** Errors of apply workers, each with those whose it can be. */
function owned(
  entries: readonly LogEntry[],
  subscriptions: readonly LoggedSubscription[],
  streams: readonly TroubledStream[],
): Owned[] {
  /** Who has the process, as its start was logged. */
  const started = new Map<number, readonly LoggedSubscription[]>();
  const named = (name: string | undefined) => subscriptions.filter((one) => one.name === name);
  return entries.flatMap((entry): Owned[] => {
    const { level, message, pid } = entry;
    if (level === 'LOG' && COPIES.test(message)) started.set(pid, []);
    if (level === 'LOG' && STARTED.test(message)) started.set(pid, named(STARTED.exec(message)![1]));
    if (level === 'LOG' && EXITED.test(message)) started.delete(Number(EXITED.exec(message)![1]));
    if (!isTrouble(entry)) return [];
    const origin = originOf(entry);
    if (origin !== null)
      return ownedBy(
        entry,
        subscriptions.filter(({ oid }) => oid === origin),
      );
    const running = streams.filter((stream) => isRunning(stream, entry));
    if (running.length > 0)
      return ownedBy(
        entry,
        subscriptions.filter((one) => running.some((stream) => isOf(one, stream))),
      );
    const byName = named(/\bsubscription "(.*?)"/.exec(message)?.[1]);
    const byStart = started.get(pid);
    if (byStart !== undefined || byName.length > 0) return ownedBy(entry, byStart ?? byName);
    const bySlot = subscriptions.filter(({ slot }) => slot !== null && message.includes(`replication slot "${slot}"`));
    if (bySlot.length > 0) return ownedBy(entry, bySlot);
    // Its start was logged before what was read of the log.
    return isOfWorker(entry)
      ? ownedBy(
          entry,
          subscriptions.filter(({ enabled }) => enabled),
        )
      : [];
  });
}

const ownedBy = (entry: LogEntry, owners: readonly LoggedSubscription[]): Owned[] =>
  owners.length === 0 ? [] : [{ entry, owners }];

/** What a worker says without ending, a row that is missing for instance, keeps no stream. */
function isTrouble({ level, message }: LogEntry): boolean {
  if (level === 'WARNING') return /^out of (?:logical replication worker|background worker) slots/.test(message);
  return level === 'ERROR' || level === 'FATAL' || level === 'PANIC';
}

const isOfWorker = ({ message, context }: LogEntry): boolean =>
  /\bpublisher\b|\bWAL stream(?:ing)?\b|\blogical replication\b|\bbackground worker slots\b/.test(message) ||
  /^processing remote data/m.test(context ?? '');

function isRunning({ worker }: TroubledStream, { pid, at }: LogEntry): boolean {
  return worker?.pid === pid && Date.parse(at) >= wholeSecond(worker.startedAt);
}

const wholeSecond = (time: string): number => Math.floor(Date.parse(time) / 1_000) * 1_000;

/** A line of an earlier trouble is not the cause of this one. */
function isOfNow(entry: LogEntry, stream: TroubledStream, { lookedAt, retryMs }: LogMoment): boolean {
  const { kind, finishLsn } = partsOf(entry);
  const { worker, confirmedLsn } = stream;
  // The transaction that it is about was applied since, or skipped.
  if (finishLsn !== null && confirmedLsn !== null && compareLsn(confirmedLsn, finishLsn) > 0) return false;
  if (isRunning(stream, entry)) return true;
  const at = Date.parse(entry.at);
  const connects = OF_CONNECTION.includes(kind);
  // It has connected since.
  if (connects && stream.read) return false;
  const patience = retryMs + SLACK_MS;
  // One worker may be at its attempt to connect for minutes: what ended the one before it is what it meets.
  if (connects && worker !== null && at >= Date.parse(worker.startedAt) - patience) return true;
  return !stream.stays && at >= lookedAt - patience;
}
