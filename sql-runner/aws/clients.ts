import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AccountContract } from '../../contract/contract';

/** The services of one account that sql-runner calls. */
export interface AccountClients {
  readonly accountId: string;
  readonly rds: RDSClient;
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  destroy(): void;
}

/** Clients that assume the account's role, or use the ambient credentials where the contract names none. */
export function accountClients(account: AccountContract, region: string): AccountClients {
  const credentials =
    account.roleArn === null
      ? undefined
      : fromTemporaryCredentials({
          params: { RoleArn: account.roleArn, RoleSessionName: 'sql-runner' },
          clientConfig: { region },
        });
  // Node 20 is what this project supports; the SDK's notice about 2027 is not for whoever runs a plan.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const config = { region, credentials, maxAttempts: 5 };
  const rds = new RDSClient(config);
  const secrets = new SecretsManagerClient(config);
  const parameters = new SSMClient(config);
  return {
    accountId: account.accountId,
    rds,
    secrets,
    parameters,
    destroy() {
      for (const client of [rds, secrets, parameters]) client.destroy();
    },
  };
}
