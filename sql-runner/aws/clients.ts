import type { EC2Client } from '@aws-sdk/client-ec2';
import type { KMSClient } from '@aws-sdk/client-kms';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AccountContract } from '../../contract/contract';
import { withoutVersionNotice } from './sdk-notice';

/** The services of one account that sql-runner calls. */
export interface AccountClients {
  readonly accountId: string;
  readonly rds: RDSClient;
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  /** Loaded when they are called: few runs do, and each would wait for that. */
  network(): Promise<EC2Client>;
  keys(): Promise<KMSClient>;
  destroy(): void;
}

/**
 * Clients that assume the account's role, or use the ambient credentials where the contract names none. A service that is
 * not called has no client, and all of them share what the first has got: each would assume the role once more.
 */
export function accountClients(account: AccountContract, region: string): AccountClients {
  withoutVersionNotice();
  const shared: Shared = { region, credentials: ownCredentials(account, region), maxAttempts: 5 };
  const rds = madeOnce(shared, (config) => new RDSClient(config));
  const secrets = madeOnce(shared, (config) => new SecretsManagerClient(config));
  const parameters = madeOnce(shared, (config) => new SSMClient(config));
  const network = loadedOnce(shared, async () => {
    const { EC2Client } = await import('@aws-sdk/client-ec2');
    return (config) => new EC2Client(config);
  });
  const keys = loadedOnce(shared, async () => {
    const { KMSClient } = await import('@aws-sdk/client-kms');
    return (config) => new KMSClient(config);
  });
  return {
    accountId: account.accountId,
    get rds() {
      return rds.get();
    },
    get secrets() {
      return secrets.get();
    },
    get parameters() {
      return parameters.get();
    },
    network: () => network.get(),
    keys: () => keys.get(),
    destroy() {
      for (const client of [rds, secrets, parameters, network, keys]) client.destroy();
    },
  };
}

type Credentials = RDSClient['config']['credentials'];

interface Shared {
  readonly region: string;
  readonly maxAttempts: number;
  /** Of the first client from then on: it keeps what it gets until that runs out. */
  credentials: Credentials | undefined;
}

/** The account's role; undefined: the ambient credentials. */
export const ownCredentials = ({ roleArn, externalId }: AccountContract, region: string): Shared['credentials'] =>
  roleArn === null
    ? undefined
    : fromTemporaryCredentials({
        params: { RoleArn: roleArn, RoleSessionName: 'sql-runner', ExternalId: externalId },
        clientConfig: { region },
      });

interface Client {
  readonly config: { readonly credentials: Credentials };
  destroy(): void;
}

function madeOnce<C extends Client>(shared: Shared, make: (config: Shared) => C) {
  let client: C | null = null;
  return {
    get(): C {
      client ??= make({ ...shared });
      shared.credentials = client.config.credentials;
      return client;
    },
    destroy: (): void => client?.destroy(),
  };
}

/** @param load gives the class of the client, which Node keeps once it is loaded */
function loadedOnce<C extends Client>(shared: Shared, load: () => Promise<(config: Shared) => C>) {
  let client: C | null = null;
  return {
    async get(): Promise<C> {
      const make = await load();
      client ??= make({ ...shared });
      shared.credentials = client.config.credentials;
      return client;
    },
    destroy: (): void => client?.destroy(),
  };
}
