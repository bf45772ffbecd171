import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import type { Construct } from 'constructs';
import { replicationSecretName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import { secretRecoveryDays } from '../../../environments/secret-recovery';

/**
 * The secret of the replication role, empty: sql-runner generates the password,
 * so it never passes through Terraform's state. One that is deleted with a
 * recovery window keeps its name until that is over, and Secrets Manager
 * refuses another one of it ("already scheduled for deletion"): where there is
 * a window, Terraform makes up the end of the name. One that is there keeps the
 * name it has, whatever the file says by now: with another one, it would be
 * another secret, and the password gone with the old one.
 */
export function replicationSecret(scope: Construct, environment: Environment): SecretsmanagerSecret {
  const name = replicationSecretName(environment.name);
  const recoveryWindowInDays = secretRecoveryDays(environment);
  return new SecretsmanagerSecret(scope, 'replication-secret', {
    ...(recoveryWindowInDays === 0 ? { name } : { namePrefix: `${name}-` }),
    description: `Password of the replication role of environment ${environment.name}, written by sql-runner`,
    recoveryWindowInDays,
    // Terraform puts what is ignored into the configuration, and the provider takes one of both.
    lifecycle: { ignoreChanges: [recoveryWindowInDays === 0 ? 'name' : 'name_prefix'] },
  });
}
