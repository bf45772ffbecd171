import { randomUUID } from 'node:crypto';
import { stackNames, streamNames, ticketParameter } from '../../contract/naming';
import { putVersion } from '../../lab/aws/secrets';
import type { Cluster } from '../../lab/aws/world';
import type { Random } from '../../lab/workload/random';
import {
  CONTRACT_VERSION,
  type ClusterContract,
  type Selection,
  type SourceContract,
  type TargetContract,
} from '../../contract/contract';
import { type Accounts, SOURCE_GROUP, SOURCE_PARAMETERS } from './accounts';
import type { Database } from './database';
import type { Feature } from './features';
import { hostilePassword, type HostileNames } from './hostile-names';

const SELECTIONS: Record<Selection['kind'], Feature> = {
  all: 'selection of all tables',
  schemas: 'selection of schemas',
  tables: 'selection of tables',
};

/** What the source stack would put out, with names that are as bad as PostgreSQL lets them be. */
export function sourceContract(
  random: Random,
  names: HostileNames,
  accounts: Accounts,
  databases: readonly Database[],
): { contract: SourceContract; features: Feature[] } {
  const { environment, production, replicationSecretArn } = accounts;
  const role = names.of('role');
  // Half of the operators bring a password of their own.
  const ownPassword = random.int(0, 1) === 0;
  const features: Feature[] = [
    ownPassword ? 'password of the operator, with quotes and backslashes' : 'password made by sql-runner',
    ...databases.map(({ selection }) => SELECTIONS[selection.kind]),
  ];
  if (ownPassword) {
    const login = { username: role, password: hostilePassword(random) };
    putVersion(accounts.source.secrets[replicationSecretArn]!, randomUUID(), JSON.stringify(login));
  }
  const contract: SourceContract = {
    version: CONTRACT_VERSION,
    side: 'source',
    environment: environment.name,
    region: environment.region,
    account: { accountId: environment.source.accountId, roleArn: environment.source.roleArn ?? null },
    targetAccount: { accountId: environment.target.accountId, roleArn: environment.target.roleArn ?? null },
    cluster: clusterContract(production),
    parameterGroup: { name: SOURCE_GROUP, previous: 'default.aurora-postgresql17', parameters: SOURCE_PARAMETERS },
    replication: { role, secretArn: replicationSecretArn, sslRootCert: 'rds-ca.pem' },
    ticketParameter: ticketParameter(environment.name),
    stacks: stackNames(environment.name),
    // Each partition gets its identity with its table, and none is made later.
    acknowledge: ['NEW_PARTITIONS_REFUSE_WRITES'],
    budget: null,
    production: null,
    links: databases.map(({ name, selection }) => ({
      database: name,
      streams: [
        {
          publication: names.of('publication'),
          // Slots alone have a limited alphabet: a-z, 0-9 and _.
          slot: streamNames(environment.name, name).slot,
          subscription: names.of('subscription'),
          selection,
        },
      ],
    })),
  };
  return { contract, features };
}

export function targetContract(accounts: Accounts, source: SourceContract, clone: Cluster): TargetContract {
  const ticket = accounts.target.ssmParameters[source.ticketParameter];
  const { nonce } = JSON.parse(ticket?.value ?? '{}') as { nonce: string };
  const { version, environment, region, targetAccount } = source;
  return {
    version,
    side: 'target',
    environment,
    region,
    account: targetAccount,
    cluster: clusterContract(clone),
    ticketNonce: nonce,
    readOnly: false,
  };
}

function clusterContract({ identifier, arn, port, engineVersion, masterSecretArn }: Cluster): ClusterContract {
  return { identifier, arn, endpoint: 'localhost', port, engineVersion, adminSecretArn: masterSecretArn! };
}
