/**
 * A failure as AWS reports it. `code` is the one that the SDK turns into the
 * error's name (`ParameterNotFound`); the protocol decides how it looks on the
 * wire.
 */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** For calls that AWS has and the stand-in does not. */
export function unsupported(what: string): AwsError {
  return new AwsError('InvalidAction', `The lab's stand-in for AWS does not know ${what}.`);
}
