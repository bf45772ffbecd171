import { OperatorError } from '../../errors/operator-error';
import type { ChildResult } from './child';

/** The story goes on only when what it tells is true. */
export function ensure(truth: boolean, seen: string): asserts truth {
  if (truth) return;
  throw new OperatorError({
    code: 'DEMO_UNEXPECTED',
    seen,
    why: 'The demo tells only what it has seen, so it ends here.',
    next: 'The last log has the full output of the command; the lab of a demo with --keep can be looked at.',
  });
}

/** Fails with the end of the output unless the command ended with one of the exit codes. */
export function ensureExit(what: string, result: ChildResult, ...allowed: number[]): ChildResult {
  const ending = `${result.stdout}\n${result.stderr}`.trimEnd().split('\n').slice(-12).join('\n    ');
  ensure(
    result.exitCode !== null && allowed.includes(result.exitCode),
    `${what} ended with exit code ${result.exitCode ?? 'none, by a signal'}, not ${allowed.join(' or ')}:\n    ${ending}`,
  );
  return result;
}
