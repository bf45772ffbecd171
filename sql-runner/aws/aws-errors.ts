import type { Code } from '../../errors/codes';
import { OperatorError } from '../../errors/operator-error';

interface AwsFailure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Runs an AWS call; its failure becomes an error that says which call, where, and what to do. */
export async function callAws<T>(call: string, accountId: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw awsError(call, accountId, cause);
  }
}

export function isAwsError(cause: unknown, name: string): boolean {
  return (cause as AwsFailure).name === name;
}

function awsError(call: string, accountId: string, cause: unknown): unknown {
  if (cause instanceof OperatorError) return cause;
  const failure = cause as AwsFailure;
  const name = failure.code ?? failure.name ?? 'unknown error';
  const { code, next } = diagnose(name, call, accountId);
  return new OperatorError({
    code,
    seen: `${call} in account ${accountId} failed: ${name}${failure.message ? ` (${failure.message})` : ''}`,
    why: 'the state of the account is not known without it; nothing was changed by this call',
    next,
    cause,
  });
}

function diagnose(name: string, call: string, accountId: string): { code: Code; next: string } {
  if (/AccessDenied|Unauthorized|NotAuthorized/i.test(name)) {
    return {
      code: 'AWS_ACCESS_DENIED',
      next: `allow ${call} to the role that sql-runner assumes in account ${accountId} (docs/iam.md lists what each command needs)`,
    };
  }
  if (/Credentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch/i.test(name)) {
    return {
      code: 'AWS_CREDENTIALS',
      next: 'sign in again (aws sso login, or the AWS_* environment variables), and check that AWS_PROFILE names the right profile',
    };
  }
  if (/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|TimeoutError|AggregateError/.test(name)) {
    return {
      code: 'AWS_UNREACHABLE',
      next: 'check the network, the Region and AWS_ENDPOINT_URL (for the lab: npm run lab -- status)',
    };
  }
  if (/NotFound/i.test(name)) {
    return { code: 'AWS_NOT_FOUND', next: 'check that the Terraform outputs are current: deploy the stack again' };
  }
  return { code: 'AWS_ERROR', next: 'read the message of AWS above, then run the same command again' };
}
