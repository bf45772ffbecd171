import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { Client, type ClientConfig } from 'pg';
import { readFileSync } from 'node:fs';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { buildWorld } from '../../lab/aws/accounts';
import { ClusterServers } from '../../lab/aws/cluster-servers';
import { createEndpoint } from '../../lab/aws/endpoint';
import { createProductionCluster } from '../../lab/aws/production-cluster';
import { createSecret } from '../../lab/aws/secrets';
import { terraformOperation, type TerraformRequest } from '../../lab/aws/terraform';
import type { Account, Cluster, World } from '../../lab/aws/world';
import { labEnvironment } from '../../lab/lab-environment';
import { freePort } from '../../lab/postgres/free-port';
import { clustersDirectory } from '../../lab/shutdown';
import type { Workshop } from './workshop';

export const SOURCE_GROUP = 'acas-demo-source';
export const TARGET_GROUP = 'acas-demo-target';

/** Small limits, so that transactions spill, stream and stay prepared as they do at a larger scale. */
export const SOURCE_PARAMETERS = {
  'rds.logical_replication': '1',
  logical_decoding_work_mem: '64',
  max_prepared_transactions: '20',
  max_replication_slots: '20',
  max_wal_senders: '25',
};
const TARGET_PARAMETERS = { ...SOURCE_PARAMETERS, wal_retrieve_retry_interval: '100' };

/** Two AWS accounts of the lab inside this process, with a production cluster in the first. */
export class Accounts {
  private constructor(
    readonly environment: Environment,
    readonly world: World,
    private readonly servers: ClusterServers,
    private readonly endpoint: Server,
    private readonly workshop: Workshop,
    readonly production: Cluster,
    readonly replicationSecretArn: string,
  ) {}

  /** Also points this process's AWS clients and TLS at the lab; so there is one at a time in a process. */
  static async open(workshop: Workshop, databases: readonly string[]): Promise<Accounts> {
    const { binaries, certificates } = workshop;
    const environment = environmentOf(databases, binaries.major);
    const directory = clustersDirectory(workshop.directory);
    await mkdir(directory, { mode: 0o711, recursive: true });
    const servers = new ClusterServers({ binaries, certificates, directory });
    const world = buildWorld(environment);
    const source = world.accounts[environment.source.accountId]!;
    setParameters(source, SOURCE_GROUP, SOURCE_PARAMETERS);
    setParameters(world.accounts[environment.target.accountId]!, TARGET_GROUP, TARGET_PARAMETERS);
    const engineVersion = binaries.version.split('.').slice(0, 2).join('.');
    try {
      const port = await freePort();
      const production = await createProductionCluster({ environment, world, servers, engineVersion, port });
      const secret = createSecret(source, environment.region, { name: 'acas/demo/replication' });
      const endpoint = createEndpoint({ world, servers, save: () => undefined });
      await new Promise<void>((resolve, reject) => endpoint.once('error', reject).listen(0, '127.0.0.1', resolve));
      pointHere(endpoint, environment, certificates.caFile, directory);
      return new Accounts(environment, world, servers, endpoint, workshop, production, secret.arn);
    } catch (error) {
      await servers.destroyAll();
      throw error;
    }
  }

  get target(): Account {
    return this.world.accounts[this.environment.target.accountId]!;
  }

  get source(): Account {
    return this.world.accounts[this.environment.source.accountId]!;
  }

  /** One operation of the lab's Terraform provider. */
  async terraform(account: Account, operation: TerraformRequest['operation'], type: string, config: object) {
    const { world, servers } = this;
    const { region } = this.environment;
    const request = { operation, type, account: account.id, region, config: { ...config }, prior: null };
    const scope = { world, account, region, servers, save: () => undefined };
    return (await terraformOperation(scope, request)).attributes ?? {};
  }

  /** The master user's session, or with `admin` that of the lab's superuser. The caller ends it. */
  async connect(cluster: Cluster, database: string, admin = false): Promise<Client> {
    const client = new Client(this.address(cluster, database, admin));
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private address(cluster: Cluster, database: string, admin: boolean): ClientConfig {
    const secret = Object.values({ ...this.source.secrets, ...this.target.secrets }).find(
      ({ arn }) => arn === cluster.masterSecretArn,
    );
    const master = JSON.parse(secret?.versions.at(-1)?.secretString ?? '{}') as { username: string; password: string };
    const login = admin
      ? { user: 'rdsadmin', password: cluster.adminPassword }
      : { user: master.username, password: master.password };
    const ca = readFileSync(this.workshop.certificates.caFile, 'utf8');
    return { host: 'localhost', port: cluster.port, database, ...login, ssl: { ca } };
  }

  /** The last lines of a server's log, for whoever asks why it does not go on. */
  logOf(cluster: Cluster): string {
    return readFileSync(join(cluster.directory, 'server.log'), 'utf8').split('\n').slice(-25).join('\n');
  }

  async close(): Promise<void> {
    this.endpoint.closeAllConnections();
    await new Promise((resolve) => this.endpoint.close(resolve));
    await this.servers.destroyAll();
  }
}

/** The demo's two accounts with databases of the seed's; the production cluster uses our parameter group already. */
function environmentOf(databases: readonly string[], majorVersion: number): Environment {
  const demo = loadEnvironment(environmentFile('demo'));
  const cluster = { ...demo.source.cluster, majorVersion, parameterGroup: SOURCE_GROUP };
  return {
    ...demo,
    sharing: { mode: 'organization' },
    source: { ...demo.source, cluster },
    databases: databases.map((name) => ({ name })),
  };
}

function setParameters(account: Account, name: string, values: Readonly<Record<string, string>>): void {
  const entries = Object.entries(values).map(
    ([key, value]) => [key, { value, applyMethod: 'pending-reboot' }] as const,
  );
  const family = Object.values(account.parameterGroups)[0]!.family;
  account.parameterGroups[name] = { name, family, description: '', parameters: Object.fromEntries(entries), tags: {} };
}

function pointHere(endpoint: Server, { region }: Environment, caFile: string, directory: string): void {
  const { port } = endpoint.address() as AddressInfo;
  const variables = labEnvironment({ port, region, caFile, directory, provider: {} });
  for (const [name, value] of Object.entries(variables)) {
    if (value === '') delete process.env[name];
    else process.env[name] = value;
  }
}
