import type { Environment } from '../../environments/schema';
import { PRODUCTION_ARGUMENTS } from './cluster-arguments';
import { PRODUCTION_SETTINGS } from './cluster-settings';
import type { ClusterServers } from './cluster-servers';
import { arn, awkwardPassword, plainPassword, rdsResourceId } from './ids';
import { manageMasterPassword } from './master-password';
import { defaultGroupName, familyOf, groupFor } from './parameter-groups';
import { createSecret, putCredentials } from './secrets';
import { PRODUCTION_SUBNETS } from './accounts';
import type { Account, Cluster, World } from './world';

const MASTER_USERNAME = 'app_owner';

export interface ProductionOptions {
  readonly environment: Environment;
  readonly world: World;
  readonly servers: ClusterServers;
  /** True to the binaries: `17.10`. */
  readonly engineVersion: string;
  readonly port: number;
}

/** Makes the cluster that exists before Terraform does, with one instance, and starts its server. */
export async function createProductionCluster(options: ProductionOptions): Promise<Cluster> {
  const { environment, world, servers } = options;
  const account = world.accounts[environment.source.accountId] as Account;
  const cluster = productionRecord(options);
  const group = groupFor(account, cluster.parameterGroup, cluster.engineVersion);
  const password = masterPassword(environment, account, cluster);
  await servers.create(cluster, group, password);
  account.clusters[cluster.identifier] = cluster;
  const identifier = `${cluster.identifier}-1`;
  account.instances[identifier] = {
    identifier,
    arn: arn('rds', world.region, account.id, `db:${identifier}`),
    resourceId: rdsResourceId('db'),
    clusterIdentifier: cluster.identifier,
    instanceClass: 'db.r6g.large',
    writer: true,
    availabilityZone: `${world.region}a`,
    status: 'available',
    parameterStatus: 'in-sync',
    tags: {},
  };
  return cluster;
}

function productionRecord({ environment, world, servers, engineVersion, port }: ProductionOptions): Cluster {
  const { source, databases, kms } = environment;
  const resourceId = rdsResourceId('cluster');
  return {
    identifier: source.cluster.identifier,
    arn: arn('rds', world.region, source.accountId, `cluster:${source.cluster.identifier}`),
    resourceId,
    engineVersion,
    port,
    databases: databases.map(({ name }) => name),
    masterUsername: MASTER_USERNAME,
    masterSecretArn: null,
    masterSecretKmsKeyId: null,
    adminPassword: plainPassword(),
    pendingMasterPassword: null,
    directory: servers.directoryFor(resourceId),
    parameterGroup: source.cluster.parameterGroup ?? defaultGroupName(familyOf(engineVersion)),
    subnetGroup: PRODUCTION_SUBNETS,
    securityGroupIds: [...source.network.securityGroupIds],
    deletionProtection: true,
    settings: PRODUCTION_SETTINGS,
    remembered: PRODUCTION_ARGUMENTS,
    kmsKeyId: kms.sourceKeyArn ?? null,
    sourceArn: null,
    seedLsn: null,
    everStarted: true,
    tags: { Owner: 'shop-team' },
  };
}

/** The password goes where the environment says that it is: to a secret of the operator's, or to the one RDS manages. */
function masterPassword(environment: Environment, account: Account, cluster: Cluster): string {
  const secretArn = environment.source.cluster.adminSecretArn;
  if (secretArn === undefined) return manageMasterPassword(account, environment.region, cluster, null);
  const name = secretArn.split(':secret:')[1]?.replace(/-[A-Za-z0-9]{6}$/, '') ?? secretArn;
  const secret = createSecret(account, environment.region, { name, arn: secretArn });
  const password = awkwardPassword();
  putCredentials(secret, cluster.masterUsername, password);
  return password;
}
