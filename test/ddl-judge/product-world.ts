import { escapeIdentifier } from 'pg';
import { stackNames, streamNames, ticketParameter } from '../../contract/naming';
import {
  CONTRACT_VERSION,
  type ClusterContract,
  type Contracts,
  type SourceContract,
  type TargetContract,
} from '../../contract/contract';
import { stopLab } from '../../lab/shutdown';
import type { Cluster } from '../../lab/aws/world';
import { Accounts, SOURCE_GROUP, SOURCE_PARAMETERS, TARGET_GROUP } from '../random/accounts';
import { shareProduction, takeClone } from '../random/clone';
import { apply } from '../random/product';
import { openWorkshop, type Workshop } from '../random/workshop';
import { FURNITURE, ROLE } from './furniture';

/** What a link says of DDL, beside what the contract of this version knows. */
export type DdlMode = 'apply' | 'record' | 'off';

/** An environment whose databases are all alike: each is the ground of one seed, and a stream that stopped harms no other. */
export class ProductWorld {
  private constructor(
    private readonly workshop: Workshop,
    readonly accounts: Accounts,
    readonly clone: Cluster,
    readonly contracts: Contracts,
    readonly databases: readonly string[],
  ) {}

  static async open(count: number, mode: DdlMode): Promise<ProductWorld> {
    const workshop = await openWorkshop();
    // Servers outlive the process that started them.
    const abandon = (): void => void stopLab(workshop.directory).finally(() => process.exit(130));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abandon);
    const databases = Array.from({ length: count }, (_, at) => `d${at + 1}`);
    try {
      const accounts = await Accounts.open(workshop, databases);
      roomFor(accounts, count);
      await furnish(accounts, databases);
      await shareProduction(accounts);
      const source = sourceContract(accounts, databases, mode);
      await apply({ source, target: null });
      const clone = await takeClone(accounts);
      const contracts = { source, target: targetContract(accounts, source, clone) };
      await apply(contracts);
      // What follows DDL is made once the clone follows rows.
      if (mode !== 'off') await apply(contracts).catch(nothingLeft);
      return new ProductWorld(workshop, accounts, clone, contracts, databases);
    } catch (error) {
      await stopLab(workshop.directory);
      throw error;
    }
  }

  /** The environment as if it had this database alone, so that a look costs what one database costs. */
  contractsOf(database: string): Contracts {
    const links = this.contracts.source.links.filter((link) => link.database === database);
    return { ...this.contracts, source: { ...this.contracts.source, links } };
  }

  async close(): Promise<void> {
    await this.accounts.close().finally(() => this.workshop.close());
  }
}

function nothingLeft(error: unknown): void {
  if (!String(error).includes('nothing-to-do')) throw error;
}

/** The clone needs a worker a stream, and one for each table that is copied. */
function roomFor({ target }: Accounts, count: number): void {
  const group = target.parameterGroups[TARGET_GROUP]!;
  const set = (name: string, value: number): void => {
    group.parameters[name] = { value: String(value), applyMethod: 'pending-reboot' };
  };
  set('max_logical_replication_workers', count * 2 + 8);
  set('max_worker_processes', count * 2 + 20);
  set('max_replication_slots', count * 2 + 20);
}

/** Whoever may make event triggers is a superuser here, and not on Aurora. */
async function furnish(accounts: Accounts, databases: readonly string[]): Promise<void> {
  const admin = await accounts.connect(accounts.production, 'postgres', true);
  const { masterUsername } = accounts.production;
  await admin.query(`ALTER ROLE ${escapeIdentifier(masterUsername)} SUPERUSER`).finally(() => admin.end());
  for (const [at, database] of databases.entries()) {
    const client = await accounts.connect(accounts.production, database);
    await client.query(at === 0 ? `${ROLE}; ${FURNITURE}` : FURNITURE).finally(() => client.end());
  }
}

function sourceContract(accounts: Accounts, databases: readonly string[], mode: DdlMode): SourceContract {
  const { environment, production, replicationSecretArn } = accounts;
  const ddl = mode === 'off' ? {} : { ddl: mode };
  return {
    version: CONTRACT_VERSION,
    side: 'source',
    environment: environment.name,
    region: environment.region,
    account: { accountId: environment.source.accountId, roleArn: environment.source.roleArn ?? null },
    targetAccount: { accountId: environment.target.accountId, roleArn: environment.target.roleArn ?? null },
    cluster: clusterContract(production),
    parameterGroup: {
      name: SOURCE_GROUP,
      previous: `default.${accounts.source.parameterGroups[SOURCE_GROUP]!.family}`,
      parameters: SOURCE_PARAMETERS,
    },
    replication: { role: 'acas_judged', secretArn: replicationSecretArn, sslRootCert: 'rds-ca.pem' },
    ticketParameter: ticketParameter(environment.name),
    stacks: stackNames(environment.name),
    acknowledge: ['NEW_PARTITIONS_REFUSE_WRITES'],
    budget: null,
    production: null,
    links: databases.map((name) => ({
      database: name,
      streams: [{ ...streamNames(environment.name, name), selection: { kind: 'all' } }],
      ...ddl,
    })),
  };
}

function targetContract(accounts: Accounts, source: SourceContract, clone: Cluster): TargetContract {
  const ticket = accounts.target.ssmParameters[source.ticketParameter];
  const { nonce } = JSON.parse(ticket?.value ?? '{}') as { nonce: string };
  const { version, environment, region, targetAccount } = source;
  const cluster = clusterContract(clone);
  return {
    version,
    side: 'target',
    environment,
    region,
    account: targetAccount,
    cluster,
    ticketNonce: nonce,
    readOnly: false,
  };
}

function clusterContract({ identifier, arn, port, engineVersion, masterSecretArn }: Cluster): ClusterContract {
  return { identifier, arn, endpoint: 'localhost', port, engineVersion, adminSecretArn: masterSecretArn! };
}
