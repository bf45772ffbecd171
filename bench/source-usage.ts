import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

/** What one part used of the server, over the time that was looked at. */
export interface Usage {
  readonly seconds: number;
  /** Processor time in seconds of the sessions of sql-runner, those that came and went included. */
  readonly sessions: number;
  /** Of it: of processes that had ended before it was looked, whose whole time was counted by the server. */
  readonly gone: number;
  /** Of the processes that send to the clone. */
  readonly senders: number;
  /** Sessions of sql-runner at any one moment: in all, and in the database that had the most, but for tests of a login. */
  readonly connections: number;
  readonly perDatabase: number;
  /** Sessions that began while it was looked at. */
  readonly logins: number;
}

interface Process {
  readonly pid: number;
  readonly database: string | null;
  readonly kind: 'session' | 'sender' | 'other';
  /** It only tries the password of the replication role, and is over within a moment. */
  readonly test: boolean;
}

const EVERY_MS = 50;
/** `sql-runner/…` and `sql-runner login test`; the lab's own sessions have no such name. */
const PROCESSES = `SELECT pid, datname AS database,
    CASE WHEN application_name LIKE 'sql-runner%' THEN 'session' WHEN backend_type = 'walsender' THEN 'sender' ELSE 'other' END AS kind,
    application_name = 'sql-runner login test' AS test
  FROM pg_stat_activity WHERE pid <> pg_backend_pid()`;

/**
 * Looks at the server's processes until so much time has passed. The system tells of each, to the nanosecond, how long it
 * ran; of those that have ended the server itself is told, when it buries them.
 */
export async function usageOf(client: Client, dataDirectory: string, seconds: number): Promise<Usage> {
  const postmaster = Number(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const look = async (): Promise<Process[]> => (await client.query<Process>(PROCESSES)).rows;
  const first = new Map((await look()).map(({ pid }) => [pid, ran(pid)]));
  const last = new Map<number, { kind: Process['kind']; ran: number }>();
  const buriedBefore = buried(postmaster);
  const began = Date.now();
  let [connections, perDatabase] = [0, 0];
  while (Date.now() - began < seconds * 1000) {
    const processes = await look();
    for (const { pid, kind } of processes) last.set(pid, { kind, ran: ran(pid) ?? last.get(pid)?.ran ?? 0 });
    const sessions = processes.filter(({ kind }) => kind === 'session');
    connections = Math.max(connections, sessions.length);
    perDatabase = Math.max(perDatabase, mostInOne(sessions.filter(({ test }) => !test)));
    await pause(EVERY_MS);
  }
  const used = (kind: Process['kind'], alive: boolean): number =>
    [...last]
      .filter(([pid, process]) => process.kind === kind && (ran(pid) !== null) === alive)
      .reduce((sum, [pid, process]) => sum + process.ran - (first.get(pid) ?? 0), 0);
  // Whatever ended and is not known to be another's counts as a session of sql-runner.
  const gone = Math.max(0, buried(postmaster) - buriedBefore - wholeOf(last, 'sender') - wholeOf(last, 'other'));
  return {
    seconds: (Date.now() - began) / 1000,
    sessions: used('session', true) + gone,
    gone,
    senders: used('sender', true) + used('sender', false),
    connections,
    perDatabase,
    logins: [...last].filter(([pid, { kind }]) => kind === 'session' && !first.has(pid)).length,
  };
}

/** Of those that have ended. */
function wholeOf(last: ReadonlyMap<number, { kind: Process['kind']; ran: number }>, kind: Process['kind']): number {
  return [...last]
    .filter(([pid, process]) => process.kind === kind && ran(pid) === null)
    .reduce((sum, [, of]) => sum + of.ran, 0);
}

/** Seconds that a process has run; null: there is none. */
function ran(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  } catch {
    return null;
  }
}

/** Seconds that the children of a process ran which have ended, as it was told; see cutime and cstime in proc(5). */
function buried(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function mostInOne(sessions: readonly Process[]): number {
  const counts = new Map<string | null, number>();
  for (const { database } of sessions) counts.set(database, (counts.get(database) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
