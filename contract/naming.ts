import { createHash } from 'node:crypto';
import { NAME_BYTES } from './postgres-names';

/**
 * Names of environments. No underscore: it separates the environment from the
 * database in the names of publications and slots.
 */
export const ENVIRONMENT_NAME = '^(?=.{1,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$';

export function isEnvironmentName(value: string): boolean {
  return new RegExp(ENVIRONMENT_NAME).test(value);
}

export interface StreamNames {
  readonly publication: string;
  readonly slot: string;
  readonly subscription: string;
}

/**
 * The names of a database's publication, slot and subscription: all of them
 * `acas_<environment>_<database>`, so that one name leads to all three. Slot
 * names are the strictest: only a-z, 0-9 and _ (PostgreSQL manual, CREATE
 * PUBLICATION and pg_create_logical_replication_slot).
 */
export function streamNames(environment: string, database: string): StreamNames {
  const name = replicationName(environment, database);
  return { publication: name, slot: name, subscription: name };
}

/** The default name of the replication role. */
export function replicationRole(environment: string): string {
  return `acas_${environment.replaceAll('-', '_')}`;
}

/**
 * When a character had to be replaced or the name is too long, a hash of what
 * was asked for keeps it apart from every other name: `a-b` and `a_b` are two
 * databases.
 */
function replicationName(environment: string, database: string): string {
  const wanted = `acas_${environment}_${database}`;
  if (/^[a-z0-9_]+$/.test(wanted) && wanted.length <= NAME_BYTES) return wanted;
  const hash = createHash('sha256')
    .update(JSON.stringify([environment, database]))
    .digest('hex')
    .slice(0, 8);
  const readable = wanted.toLowerCase().replace(/[^a-z0-9_]/g, '_');
  return `${readable.slice(0, NAME_BYTES - hash.length - 1)}_${hash}`;
}

/** Terraform's names of the two stacks of an environment. */
export function stackNames(environment: string): { source: string; target: string } {
  return { source: `${environment}-source`, target: `${environment}-target` };
}

/** Name of an AWS object of an environment: `acas-<environment>-<what>`. */
export function objectName(environment: string, what: string): string {
  return `acas-${environment}-${what}`;
}

/**
 * The cluster parameter group of a side. The major version is in the name
 * because a group of another family is another object: the new one can be made
 * while the old one is still in use.
 */
export function parameterGroupName(environment: string, side: 'source' | 'target', majorVersion: number): string {
  return objectName(environment, `${side}-pg${majorVersion}`);
}

/** Path in the Parameter Store of the target account under which everything of an environment lies. */
export function parameterPath(environment: string): string {
  return `/aurora-cross-account-sync/${environment}`;
}

/** The SSM parameter of the clone ticket, in the target account. */
export function ticketParameter(environment: string): string {
  return `${parameterPath(environment)}/clone-ticket`;
}

/** The Secrets Manager secret of the replication role, in the source account. */
export function replicationSecretName(environment: string): string {
  return `acas/${environment}/replication`;
}

/** Name of the table of a heartbeat, in a schema with the name of its stream's publication. */
export const HEARTBEAT_TABLE = 'acas_heartbeat';

/** Namespace of what sql-runner publishes to CloudWatch, in the account of the clone. */
export const METRIC_NAMESPACE = 'AuroraCrossAccountSync';

const DDL_SUFFIX = '_ddl';
/** Of the names of the event triggers, which begin with that of the schema. */
const TRIGGER_SUFFIX = '_rewrite';

/** The schema on both sides that DDL of the source is written down in; names of event triggers begin with it. */
export function ddlSchema(publication: string): string {
  const room = NAME_BYTES - TRIGGER_SUFFIX.length;
  if (Buffer.byteLength(publication + DDL_SUFFIX) <= room) return publication + DDL_SUFFIX;
  const hash = createHash('sha256').update(publication).digest('hex').slice(0, 8);
  return `${publication.slice(0, room - DDL_SUFFIX.length - hash.length - 1)}_${hash}${DDL_SUFFIX}`;
}
