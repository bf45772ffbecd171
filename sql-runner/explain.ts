import { OperatorError } from '../environments/operator-error';
import type { ExclusiveLock } from './postgres/catalog/exclusive-locks';
import { timedOutRead, type TimedOutRead } from './postgres/timed-out-reads';
import { redact, redactError } from './redaction';
import { serverSaid } from './server-said';

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
  const place = `database ${database} on the ${side === 'source' ? 'source' : 'clone'}`;
  const held = locks.map(({ schema, name, ...holder }) => `${schema}.${name} is locked by ${describeHolder(holder)}`);
  const outcome = waited ? 'waited in vain for a lock' : 'was not done within the time limit';
  const holders = held.length > 0 || !waited ? held : ['who held it is not visible any more'];
  return new OperatorError({
    code: waited ? 'LOCK_TIMEOUT' : 'READ_TIMEOUT',
    seen: [`the read of ${relations.join(', ')} in ${place} ${outcome}`, ...holders].join('; '),
    why: 'what could not be read cannot be judged; nothing was changed by this statement',
    next: waited
      ? 'wait until that transaction has ended, then run the same command again'
      : 'run the same command again when the server has less to do',
    cause,
  });
}

function describeHolder({ pid, user, applicationName }: Omit<ExclusiveLock, 'schema' | 'name'>): string {
  if (pid === null) return 'a prepared transaction';
  return `process ${pid}${user === null ? '' : ` of ${user}`}${applicationName ? ` (${applicationName})` : ''}`;
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
