import type { Alteration } from '../model/count-witness';
import { LogSettings, type ChangedSetting } from './log-settings';
import { logEntries, type LogEntry } from './log-entries';

/** What the clone's log tells of its subscriptions, in the order of its lines. */
export interface AlteringLog {
  /** ISO 8601, of the oldest line; null: no line could be read. */
  readonly since: string | null;
  readonly altered: readonly Alteration[];
  readonly course: readonly Passage[];
  readonly settings: readonly ChangedSetting[];
}

/** A worker that began or ended, or the server when it found that it had crashed. */
export type Passage =
  | { readonly kind: 'began'; readonly at: string; readonly pid: number; readonly subscription: string }
  /** `altered`: as somebody altered its subscription, which is among the alterations as well. */
  | { readonly kind: 'ended'; readonly at: string; readonly pid: number; readonly altered: boolean }
  | { readonly kind: 'crashed'; readonly at: string };

/** 13 to 15 say `apply worker` in all of them, from 16 on `worker` alone in the first (worker.c). */
const ENDED =
  /^logical replication (?:\w+ )*worker for subscription "(.*)" will (stop|restart|not start) because (.*)$/s;
const BY_ERROR = /^subscription "(.*)" has been disabled because of an error$/s;
const SKIPPED = /^logical replication starts skipping transaction at LSN [0-9A-F]+\/[0-9A-F]+$/;
const STARTED = /^logical replication apply worker for subscription "(.*)" has started$/s;
/** By the postmaster of any of them that has not ended by itself (LogChildExit in postmaster.c). */
const GONE = /^background worker "logical replication [^"]*" \(PID (\d+)\) (?:exited|was terminated)\b/;
/** By the worker: the source's server was stopped, and it ends without a word of the postmaster. */
const AT_ITS_END = /^data stream from publisher has ended$/;
/** Of a server whose log this was before, as one that takes over does not say it (xlogrecovery.c, postmaster.c). */
const CRASHED =
  /^(?:database system was not properly shut down; automatic recovery in progress|all server processes terminated; reinitializing)$/;

/**
 * A worker logs at level LOG why it stops or restarts, whoever altered its subscription, and that it skips a transaction
 * (from 15 on). Lines of sessions are not read: of those a client says what it likes.
 */
export function alteringLog(text: string): AlteringLog {
  const entries = logEntries(text);
  const reloads = new LogSettings();
  return {
    since: entries[0]?.at ?? null,
    altered: entries.flatMap((entry) => alterationIn(entry) ?? []),
    course: entries.flatMap((entry) => passageIn(entry) ?? []),
    settings: text.split('\n').flatMap((line) => reloads.read(line) ?? []),
  };
}

function alterationIn({ at, pid, level, message }: LogEntry): Alteration | null {
  if (level !== 'LOG') return null;
  const [, ended, how, why] = ENDED.exec(message) ?? [];
  if (ended !== undefined)
    return {
      at,
      pid,
      subscription: ended,
      what: `its worker ${how === 'not start' ? 'did not begin' : 'ended'} because ${why}`,
    };
  const byError = BY_ERROR.exec(message)?.[1];
  if (byError !== undefined) return { at, pid, subscription: byError, what: 'it was disabled because of an error' };
  return SKIPPED.test(message) ? { at, pid, subscription: null, what: 'its worker began to skip a transaction' } : null;
}

function passageIn({ at, pid, level, message }: LogEntry): Passage | null {
  // No worker survives an error; which of these processes are workers their pids tell.
  if (/^(?:ERROR|FATAL|PANIC)$/.test(level)) return { kind: 'ended', at, pid, altered: false };
  if (level !== 'LOG') return null;
  if (CRASHED.test(message)) return { kind: 'crashed', at };
  const subscription = STARTED.exec(message)?.[1];
  if (subscription !== undefined) return { kind: 'began', at, pid, subscription };
  const gone = GONE.exec(message)?.[1];
  if (gone !== undefined) return { kind: 'ended', at, pid: Number(gone), altered: false };
  if (AT_ITS_END.test(message)) return { kind: 'ended', at, pid, altered: false };
  return ENDED.test(message) ? { kind: 'ended', at, pid, altered: true } : null;
}
