import { OperatorError } from '../environments/operator-error';
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
  return new OperatorError({
    code: error.code === '42501' ? 'PRIVILEGE_MISSING' : 'DATABASE_ERROR',
    seen: serverSaid(error),
    why: 'the state of the database could not be read; nothing was changed by this statement',
    next: 'check that the login of the admin secret is the master user (member of rds_superuser), then run the same command again',
    cause: error,
  });
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
