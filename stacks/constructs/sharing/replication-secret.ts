import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import type { Construct } from 'constructs';
import { replicationSecretName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/**
 * The secret of the replication role, empty: sql-runner generates the password,
 * so it never passes through Terraform's state. It is deleted
 * without a recovery window: the password is worthless without the role, and a
 * name that waits in recovery would keep the environment from being set up again.
 */
export function replicationSecret(scope: Construct, environment: Environment): SecretsmanagerSecret {
  return new SecretsmanagerSecret(scope, 'replication-secret', {
    name: replicationSecretName(environment.name),
    description: `Password of the replication role of environment ${environment.name}, written by sql-runner`,
    recoveryWindowInDays: 0,
  });
}
