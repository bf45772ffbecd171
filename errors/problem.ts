import type { Code } from './codes';
import { OperatorError } from './operator-error';

/** A path into the document: keys and list indexes. */
export type DocumentPath = readonly PropertyKey[];

/** One thing wrong with an environment, before its place in the file is looked up. */
export interface Problem {
  readonly code: Code;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
  readonly path: DocumentPath;
  /** Point at the key instead of at its value. */
  readonly atKey?: boolean;
  /** The setting that a misspelt key most likely stands for. */
  readonly meant?: DocumentPath;
}

export interface LocatedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

/** All problems of a file as one error: it carries the first in file order and lists the others below it. */
export function problemsError(file: string, problems: readonly LocatedProblem[]): OperatorError {
  const [first, ...others] = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  if (first === undefined) throw new RangeError('problemsError needs at least one problem');
  const at = (problem: LocatedProblem) => `${file}:${problem.line}:${problem.column}`;
  const rest = others.map((other) => `\n  Also ${at(other)}\n    ${other.code}: ${other.seen} ${other.next}`);
  return new OperatorError({
    code: first.code,
    seen: first.seen,
    why: first.why,
    next: first.next + rest.join(''),
    location: at(first),
  });
}
