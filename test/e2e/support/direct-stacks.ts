import { join } from 'node:path';
import { applyMethod } from '../../../environments/parameters/apply-method';
import { loadEnvironment } from '../../../environments/loader';
import type { ClusterContract, SourceContract } from '../../../contract/contract';
import { replicationRole, stackNames, ticketParameter } from '../../../contract/naming';
import { PROJECT } from '../../../lab/demo/toolchain';
import type { Lab } from '../../../lab/lab';
import { sourceParameters, targetParameters, type Parameters } from '../../../stacks/constructs/cluster/sizing';
import { linksOf } from '../../../stacks/links';
import { postgresMajor } from '../../support/postgres-major';
import { terraformAs } from '../../lab/aws/support';

export const FILE = join(PROJECT, 'environments', 'demo.yaml');
const FAMILY = `aurora-postgresql${postgresMajor()}`;

type Attributes = Record<string, unknown>;

function sourceContract(
  cluster: ClusterContract,
  secretArn: string,
  databases: readonly string[],
  parameters: Parameters,
): SourceContract {
  const environment = loadEnvironment(FILE);
  const { name, source, target, replication } = environment;
  return {
    version: 1,
    side: 'source',
    environment: name,
    region: environment.region,
    account: { accountId: source.accountId, roleArn: source.roleArn ?? null },
    targetAccount: { accountId: target.accountId, roleArn: target.roleArn ?? null },
    cluster,
    parameterGroup: {
      name: 'source',
      previous: source.cluster.parameterGroup!.replace(/17$/, String(postgresMajor())),
      parameters,
    },
    replication: { role: replicationRole(name), secretArn, sslRootCert: replication.sslRootCert },
    ticketParameter: ticketParameter(name),
    stacks: stackNames(name),
    links: linksOf(environment).filter(({ database }) => databases.includes(database)),
    budget: null,
    production: null,
    acknowledge: [],
  };
}

/** The parts of both stacks that are there before the clone. @returns what the source's stack gives out */
export async function deploySource(lab: Lab, databases: readonly string[], streams: number): Promise<SourceContract> {
  const environment = loadEnvironment(FILE);
  const { identifier } = environment.source.cluster;
  const source = terraformAs(lab, environment.source.accountId);
  const target = terraformAs(lab, environment.target.accountId);
  const cluster = clusterContract(
    identifier,
    await source('data', 'aws_rds_cluster', { cluster_identifier: identifier }),
  );
  const secret = await source('create', 'aws_secretsmanager_secret', { name: 'acas/demo/replication' });
  await source('create', 'aws_rds_cluster_parameter_group', group('source', sourceParameters(streams)));
  const share = await source('create', 'aws_ram_resource_share', { name: 'demo', allow_external_principals: true });
  const parts = { resource_share_arn: share.arn };
  await source('create', 'aws_ram_resource_association', { ...parts, resource_arn: cluster.arn });
  await source('create', 'aws_ram_principal_association', { ...parts, principal: environment.target.accountId });
  await target('create', 'aws_ram_resource_share_accepter', { share_arn: share.arn });
  await target('create', 'aws_db_subnet_group', { name: 'clone', subnet_ids: environment.target.network.subnetIds });
  await target(
    'create',
    'aws_rds_cluster_parameter_group',
    group('clone', targetParameters(streams, 17, { source: sourceParameters(streams) })),
  );
  return sourceContract(cluster, String(secret.arn), databases, sourceParameters(streams));
}

function group(name: string, parameters: Parameters): Attributes {
  const parameter = Object.entries(parameters).map(([key, value]) => {
    return { name: key, value, apply_method: applyMethod(key, 17) };
  });
  return { name, family: FAMILY, parameter };
}

export function cloneConfig(identifier: string, sourceArn: string): Attributes {
  const restore = { source_cluster_identifier: sourceArn, restore_type: 'copy-on-write' };
  return {
    cluster_identifier: identifier,
    engine: 'aurora-postgresql',
    db_subnet_group_name: 'clone',
    db_cluster_parameter_group_name: 'clone',
    manage_master_user_password: true,
    skip_final_snapshot: true,
    restore_to_point_in_time: [{ ...restore, use_latest_restorable_time: true, restore_to_time: null }],
  };
}

export function clusterContract(identifier: string, cluster: Attributes): ClusterContract {
  return {
    identifier,
    arn: String(cluster.arn),
    endpoint: String(cluster.endpoint),
    port: Number(cluster.port),
    engineVersion: String(cluster.engine_version),
    adminSecretArn: String((cluster.master_user_secret as { secret_arn: string }[])[0]?.secret_arn),
  };
}
