import type { Environment } from '../environments/schema';

/** Name of an AWS object of an environment: `acas-<environment>-<what>`. */
export function objectName(environment: Environment, what: string): string {
  return `acas-${environment.name}-${what}`;
}

/** The family of the parameter groups of a major version. */
export function parameterGroupFamily(majorVersion: number): string {
  return `aurora-postgresql${majorVersion}`;
}

/**
 * The cluster parameter group of a side. The major version is in the name
 * because a group of another family is another object: the new one can be made
 * while the old one is still in use.
 */
export function parameterGroupName(environment: Environment, side: 'source' | 'target'): string {
  return objectName(environment, `${side}-pg${environment.source.cluster.majorVersion}`);
}
