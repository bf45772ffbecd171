import { randomUUID } from 'node:crypto';
import { arn, awkwardPassword } from './ids';
import { createSecret, putCredentials } from './secrets';
import type { Account, Cluster } from './world';

/** The key of the account that Secrets Manager uses when nobody names one. */
function defaultSecretsKey(account: Account, region: string): string {
  return arn('kms', region, account.id, 'alias/aws/secretsmanager');
}

/**
 * Makes the secret that RDS keeps a cluster's master password in, with a new
 * password in it, and returns the password for the server to be told.
 */
export function manageMasterPassword(
  account: Account,
  region: string,
  cluster: Cluster,
  kmsKeyId: string | null,
): string {
  const key = kmsKeyId ?? defaultSecretsKey(account, region);
  const secret = createSecret(account, region, {
    name: `rds!cluster-${randomUUID()}`,
    description: `The secret associated with the primary RDS DB cluster: ${cluster.arn}`,
    owningService: 'rds',
    kmsKeyId: key,
    tags: { 'aws:rds:primaryDBClusterArn': cluster.arn, 'aws:secretsmanager:owningService': 'rds' },
  });
  const password = awkwardPassword();
  putCredentials(secret, cluster.masterUsername, password);
  cluster.masterSecretArn = secret.arn;
  cluster.masterSecretKmsKeyId = key;
  return password;
}

/** RDS deletes the secret along with the cluster, or when it no longer manages the password. */
export function forgetMasterPassword(account: Account, cluster: Cluster): void {
  if (cluster.masterSecretArn !== null) delete account.secrets[cluster.masterSecretArn];
  cluster.masterSecretArn = null;
  cluster.masterSecretKmsKeyId = null;
}
