import { exclusiveLocks, type ExclusiveLock } from './catalog/exclusive-locks';
import type { Session } from './session';

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/** What is known of a read that the server ended because it took too long. */
export interface TimedOutRead {
  /** It waited for a lock; otherwise it was at work itself. */
  readonly waited: boolean;
  readonly side: 'source' | 'target';
  readonly database: string;
  /** What it read, by the names in its statement. */
  readonly relations: readonly string[];
  /** What others hold right after it; nothing where that cannot be seen any more. */
  readonly locks: readonly ExclusiveLock[];
}

/** Beside the errors and not in them: callers go on by the SQLSTATE of an error that is pg's own. */
const noted = new WeakMap<object, TimedOutRead>();

/** @param ask the session that the read was refused on, between two of its statements */
export async function noteTimeout(
  cause: unknown,
  sql: string,
  { side, database }: Session['target'],
  ask: Pick<Session, 'query'>,
): Promise<void> {
  const { code, message } = cause as { code?: string; message: string };
  const waited = code === LOCK_NOT_AVAILABLE;
  // The same SQLSTATE is that of a statement which somebody cancelled.
  if (!waited && !(code === QUERY_CANCELED && /statement timeout/.test(message))) return;
  const locks = await exclusiveLocks(ask).catch(() => []);
  noted.set(cause as object, { waited, side, database, relations: relationsOf(sql), locks });
}

export function timedOutRead(cause: object): TimedOutRead | undefined {
  return noted.get(cause);
}

function relationsOf(sql: string): string[] {
  const found = sql.matchAll(/\b(?:FROM|JOIN)\s+(?:ONLY\s+)?((?:(?:\w+|"[^"]+")\.)?(?:\w+|"[^"]+"))/g);
  const names = [...found].map((match) => match[1]!.replaceAll('"', ''));
  return [...new Set(names.filter((name) => /^pg_|\./.test(name)))].slice(0, 4);
}
