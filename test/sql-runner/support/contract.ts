import type { Selection, SourceContract, Stream, TargetContract } from '../../../contract/contract';
import { made } from './production';

export function stream(database: string, selection: Selection = { kind: 'all' }): Stream {
  const name = `acas_demo_${database}`;
  return { publication: name, slot: name, subscription: name, selection };
}

/** The contract of an environment `demo` with one stream a database. */
export function sourceContract(
  databases: readonly string[] = ['shop', 'ledger'],
  overrides: Partial<SourceContract> = {},
): SourceContract {
  return {
    version: 1,
    side: 'source',
    budget: null,
    production: made(),
    environment: 'demo',
    region: 'eu-west-1',
    account: { accountId: '111111111111', roleArn: null },
    targetAccount: { accountId: '222222222222', roleArn: null },
    cluster: {
      identifier: 'demo-production',
      arn: 'arn:aws:rds:eu-west-1:111111111111:cluster:demo-production',
      endpoint: 'production.example.com',
      port: 5432,
      engineVersion: '17.4',
      adminSecretArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:admin',
    },
    parameterGroup: {
      name: 'demo-logical',
      previous: 'default.aurora-postgresql17',
      parameters: { 'rds.logical_replication': '1' },
    },
    replication: {
      role: 'acas_demo',
      secretArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:replication',
      sslRootCert: 'rds-ca.pem',
    },
    ticketParameter: '/aurora-cross-account-sync/demo/clone-ticket',
    stacks: { source: 'demo-source', target: 'demo-target' },
    links: databases.map((database) => ({ database, streams: [stream(database)] })),
    acknowledge: [],
    ...overrides,
  };
}

export function targetContract(overrides: Partial<TargetContract> = {}): TargetContract {
  const { cluster, targetAccount } = sourceContract();
  return {
    version: 1,
    side: 'target',
    environment: 'demo',
    region: 'eu-west-1',
    account: targetAccount,
    cluster: { ...cluster, identifier: 'demo-clone', endpoint: 'clone.example.com' },
    ticketNonce: '6f1d2c3b-0000-4000-8000-000000000001',
    readOnly: false,
    ...overrides,
  };
}
