import type { Code } from './codes';

/**
 * The one error type that people see: a stable code, what was seen, why it
 * matters and what to do next. Anything else that reaches the top of a command
 * is a defect of ours.
 */
export interface OperatorErrorParts {
  readonly code: Code;
  /** What was found, with the names and values involved. Never a secret. */
  readonly seen: string;
  /** What would go wrong if we carried on. */
  readonly why: string;
  /** The SQL, flag, setting or command that resolves it. */
  readonly next: string;
  /** `file:line:column` for errors in files. */
  readonly location?: string;
  /** The codes of what else stands in the way; `seen` tells of them too. */
  readonly also?: readonly Code[];
  readonly cause?: unknown;
}

export class OperatorError extends Error {
  readonly code: Code;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
  readonly location?: string;
  readonly also: readonly Code[];

  constructor(parts: OperatorErrorParts) {
    const at = parts.location === undefined ? '' : `${parts.location}: `;
    super(`${at}${parts.code}: ${parts.seen}`, { cause: parts.cause });
    this.name = 'OperatorError';
    this.code = parts.code;
    this.seen = parts.seen;
    this.why = parts.why;
    this.next = parts.next;
    this.location = parts.location;
    this.also = parts.also ?? [];
  }

  /** The shape of the error in `--json` output. */
  toJSON(): Omit<OperatorErrorParts, 'cause'> {
    const { code, seen, why, next, location, also } = this;
    return { code, seen, why, next, location, ...(also.length === 0 ? {} : { also }) };
  }
}

/** The error as the few lines a person reads on stderr. */
export function describeOperatorError(error: OperatorError): string {
  const at = error.location === undefined ? '' : `${error.location}\n  `;
  return [
    `Error ${error.code}`,
    `  ${at}${error.seen}`,
    `  Why it matters: ${error.why}`,
    `  What to do: ${error.next}`,
  ].join('\n');
}
