import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error';
import { arn, secretSuffix } from './ids';
import type { Account, Secret, Tags } from './world';

/** Finds a secret by ARN or by name. */
export function findSecret(account: Account, id: string): Secret {
  const secret = account.secrets[id] ?? Object.values(account.secrets).find((one) => one.name === id);
  if (secret === undefined) {
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  return secret;
}

export interface NewSecret {
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string | null;
  readonly owningService?: string | null;
  readonly tags?: Tags;
  /** For a secret that exists before the lab does; otherwise made up as AWS does. */
  readonly arn?: string;
}

/** Creates a secret without a value. */
export function createSecret(account: Account, region: string, wanted: NewSecret): Secret {
  const clash = Object.values(account.secrets).find((secret) => secret.name === wanted.name);
  if (clash?.deletedAt != null) {
    const message = `You can't create this secret because a secret with this name is already scheduled for deletion: ${wanted.name}`;
    throw new AwsError('InvalidRequestException', message);
  }
  if (clash !== undefined) {
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${wanted.name} already exists.`,
    );
  }
  const secret: Secret = {
    arn: wanted.arn ?? arn('secretsmanager', region, account.id, `secret:${wanted.name}-${secretSuffix()}`),
    name: wanted.name,
    description: wanted.description ?? '',
    kmsKeyId: wanted.kmsKeyId ?? null,
    owningService: wanted.owningService ?? null,
    createdAt: new Date().toISOString(),
    deletedAt: null,
    versions: [],
    tags: wanted.tags ?? {},
  };
  account.secrets[secret.arn] = secret;
  return secret;
}

/**
 * Adds a version. The same token with the same content is a repeated request and
 * changes nothing; with other content it is refused.
 */
export function putVersion(secret: Secret, id: string, secretString: string): void {
  const existing = secret.versions.find((version) => version.id === id);
  if (existing === undefined) {
    secret.versions.push({ id, secretString, createdAt: new Date().toISOString() });
  } else if (existing.secretString !== secretString) {
    const message = `The operation failed because a version with ClientRequestToken ${id} already exists with different content.`;
    throw new AwsError('ResourceExistsException', message);
  }
}

/** What RDS keeps in a managed master user secret. */
export function putCredentials(secret: Secret, username: string, password: string): void {
  putVersion(secret, randomUUID(), JSON.stringify({ username, password }));
}
