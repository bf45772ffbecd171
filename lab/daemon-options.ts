import type { OperatorErrorParts } from '../errors/operator-error';

/** What `lab up` tells the daemon. */
export interface DaemonOptions {
  readonly name: string;
  readonly directory: string;
  readonly environmentFile: string;
  /** Files of other environments of its production cluster. */
  readonly besideFiles: readonly string[];
  /** Another binary than the terraform on PATH, for whoever works with the lab. */
  readonly terraform?: string;
  /** Port of the AWS endpoint; undefined: any free one. */
  readonly port?: number;
  /** Port of the production cluster; undefined: any free one. */
  readonly postgresPort?: number;
}

/** What the daemon answers, once. */
export type DaemonMessage =
  | { readonly ready: true }
  | { readonly ready: false; readonly operatorError?: OperatorErrorParts; readonly message: string };
