import { OperatorError } from '../../errors/operator-error';
import type { ExclusiveLock } from '../postgres/catalog/exclusive-locks';
import { displayQualified, quoteInteger } from '../postgres/text/quoting';
import { timedOutRead, type TimedOutRead } from '../postgres/timed-out-reads';
import { wayIn } from '../postgres/way-in';
import { redact, redactError } from './redaction';
import { serverSaid } from '../postgres/text/server-said';

/** Whatever went wrong, as an error that a person can act on. Never a stack trace, unless asked for; never a secret. */
export function explain(cause: unknown): OperatorError {
  return redactError(cause instanceof OperatorError ? cause : unexpected(cause));
}

function unexpected(cause: unknown): OperatorError {
  const error: Error & { code?: string; severity?: string } = cause instanceof Error ? cause : new Error(String(cause));
  if (process.env.SQL_RUNNER_DEBUG !== undefined) process.stderr.write(`${redact(String(error.stack))}\n`);
  // Only errors of the server carry a severity (PostgreSQL manual, "Error and Notice Message Fields").
  return error.severity === undefined ? defect(error) : refusedByServer(error);
}

function refusedByServer(error: Error & { code?: string }): OperatorError {
  const read = timedOutRead(error);
  if (read !== undefined) return tookTooLong(read, error);
  return new OperatorError({
    code: error.code === '42501' ? 'PRIVILEGE_MISSING' : 'DATABASE_ERROR',
    seen: serverSaid(error),
    why: 'the state of the database could not be read; nothing was changed by this statement',
    next: 'check that the login of the admin secret is the master user (member of rds_superuser), then run the same command again',
    cause: error,
  });
}

function tookTooLong({ waited, side, database, relations, locks }: TimedOutRead, cause: Error): OperatorError {
  const server = side === 'source' ? 'source' : 'clone';
  const place = `database ${database} on the ${server}`;
  const read = `the read of ${relations.join(', ')} in ${place}`;
  const held = locks.map(describeLock);
  if (!waited)
    return new OperatorError({
      code: 'READ_TIMEOUT',
      seen: [`${read} was not done within the time limit`, ...held].join('; '),
      why: 'what could not be read cannot be judged; nothing was changed by this statement',
      next: 'run the same command again when the server has less to do',
      cause,
    });
  const pids = [...new Set(locks.flatMap(({ pid }) => pid ?? []))];
  const ends = pids.map((pid) => `SELECT pg_terminate_backend(${quoteInteger(pid)});`);
  const ending =
    ends.length === 0
      ? ''
      : `; or end it before, in database ${wayIn(database, locks)} on the ${server}: ${ends.join(' ')}`;
  const holders = held.length > 0 ? held : ['who held it is not visible any more'];
  return new OperatorError({
    code: 'LOCK_TIMEOUT',
    seen: [`${read} waited in vain for a lock`, ...holders].join('; '),
    why: 'what could not be read cannot be judged; nothing was changed by this statement',
    next: `wait until that transaction has ended, then run the same command again${ending}`,
    cause,
  });
}

function describeLock({ schema, name, behind, ...holder }: ExclusiveLock): string {
  const who = describeHolder(holder);
  const table = displayQualified({ schema, name });
  if (behind.length === 0) return `${table} is locked by ${who}`;
  // Whoever comes later queues behind it, although it has nothing yet (manual, 13.3.1; proc.c, ProcSleep).
  return `${who} waits to lock ${table}, behind process ${behind.join(' and ')}`;
}

function describeHolder(holder: Omit<ExclusiveLock, 'schema' | 'name' | 'behind'>): string {
  const { pid, gid, user, applicationName, state, since, querySince } = holder;
  const details = [
    applicationName === '' ? null : applicationName,
    state,
    since === null ? null : `in its transaction since ${since}`,
    querySince === null ? null : `its last statement began at ${querySince}`,
  ].filter((detail) => detail !== null);
  const who = pid === null ? `prepared transaction ${gid ?? '(hidden)'}` : `process ${pid}`;
  return `${who}${user === null ? '' : ` of ${user}`}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

function defect(error: Error): OperatorError {
  return new OperatorError({
    code: 'INTERNAL_ERROR',
    seen: error.message,
    why: 'this is a defect of sql-runner; whatever was in progress can be continued by running the same command again',
    next: 'run it once more with SQL_RUNNER_DEBUG=1 and report the output',
    cause: error,
  });
}
