import { OperatorError } from '../errors/operator-error';

export function unreadable(path: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'ENVIRONMENT_UNREADABLE',
    seen: `Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    why: 'Everything about an environment is in its file.',
    next: 'Check the path and its permissions, and ENVIRONMENTS_DIR if it is set.',
    cause,
  });
}
