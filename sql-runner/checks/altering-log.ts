import type { Alteration } from '../model/count-witness';
import { logEntries, type LogEntry } from './log-entries';

/** What the clone's log tells of its subscriptions, in the order of its lines. */
export interface AlteringLog {
  /** ISO 8601, of the oldest line; null: no line could be read. */
  readonly since: string | null;
  readonly altered: readonly Alteration[];
  /** Workers that began: before that there was none. */
  readonly started: readonly { readonly at: string; readonly subscription: string }[];
  /** When the server found that it had crashed. */
  readonly crashes: readonly string[];
}

/** 13 to 15 say `apply worker` in all of them, from 16 on `worker` alone in the first (worker.c). */
const ENDED = /^logical replication (?:\w+ )*worker for subscription "(.*)" will (?:stop|restart) because (.*)$/s;
const BY_ERROR = /^subscription "(.*)" has been disabled because of an error$/s;
const SKIPPED = /^logical replication starts skipping transaction at LSN [0-9A-F]+\/[0-9A-F]+$/;
const STARTED = /^logical replication apply worker for subscription "(.*)" has started$/s;
/** Of a server whose log this was before, as one that takes over does not say it (xlogrecovery.c, postmaster.c). */
const CRASHED =
  /^(?:database system was not properly shut down; automatic recovery in progress|all server processes terminated; reinitializing)$/;

/**
 * A worker logs at level LOG why it stops or restarts, whoever altered its subscription, and that it skips a transaction
 * (from 15 on). Lines of sessions are not read: of those a client says what it likes.
 */
export function alteringLog(text: string): AlteringLog {
  const entries = logEntries(text);
  const lines = entries.filter(({ level }) => level === 'LOG');
  return {
    since: entries[0]?.at ?? null,
    altered: lines.flatMap((line) => alterationIn(line) ?? []),
    started: lines.flatMap(({ at, message }) => {
      const subscription = STARTED.exec(message)?.[1];
      return subscription === undefined ? [] : [{ at, subscription }];
    }),
    crashes: lines.filter(({ message }) => CRASHED.test(message)).map(({ at }) => at),
  };
}

function alterationIn({ at, pid, message }: LogEntry): Alteration | null {
  const [, ended, why] = ENDED.exec(message) ?? [];
  if (ended !== undefined) return { at, pid, subscription: ended, what: `its worker ended because ${why}` };
  const byError = BY_ERROR.exec(message)?.[1];
  if (byError !== undefined) return { at, pid, subscription: byError, what: 'it was disabled because of an error' };
  return SKIPPED.test(message) ? { at, pid, subscription: null, what: 'its worker began to skip a transaction' } : null;
}
