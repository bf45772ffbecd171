import { CtyMismatch } from './cty/conform';

/** A path to a value: attribute names, and indexes into lists. */
export type ValuePath = readonly (string | number)[];

/** A problem as Terraform shows it: a headline, what to do about it, and the argument it is about. */
export interface Problem {
  readonly summary: string;
  readonly detail: string;
  readonly path?: ValuePath;
}

/** Ends the current request with one problem. */
export class ProviderError extends Error implements Problem {
  constructor(
    readonly summary: string,
    readonly detail: string,
    readonly path?: ValuePath,
  ) {
    super(`${summary}: ${detail}`);
    this.name = 'ProviderError';
  }
}

const SEVERITY_ERROR = 1;

/** The protocol's Diagnostic message. */
export function diagnosticMessage(problem: Problem): object {
  return {
    severity: SEVERITY_ERROR,
    summary: problem.summary,
    detail: problem.detail,
    ...(problem.path === undefined ? {} : { attribute: pathMessage(problem.path) }),
  };
}

/** The protocol's AttributePath message. */
export function pathMessage(path: ValuePath): object {
  return {
    steps: path.map((step) => (typeof step === 'string' ? { attributeName: step } : { elementKeyInt: step })),
  };
}

/** Any thrown thing as a problem. What is not meant for people is a defect of the lab, and says so. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProviderError) return error;
  if (error instanceof CtyMismatch) {
    return { summary: 'The lab gave a value that does not fit the AWS schema', detail: error.message };
  }
  // Terraform keeps a plugin's stderr for its own log (TF_LOG), where a stack belongs.
  console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    summary: 'The provider of the lab failed',
    detail: `This is a defect of the lab, not of the configuration: ${message}. Run again with TF_LOG=DEBUG for more.`,
  };
}
