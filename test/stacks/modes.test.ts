import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import { readProviderSchemas } from '../../lab/provider/schema/schema-source';
import { NOT_OURS } from '../../stacks/constructs/cluster/adopted-cluster';
import { committed, only, synthesize, type TerraformJson } from './synthesized';

const adopt = synthesize(loadEnvironment(join(__dirname, 'modes/adopt.yaml'))).source;
const existing = synthesize(committed('demo')).source;

/** What the stack says itself of an adopted cluster, and what no plan compares. */
const STATED = ['cluster_identifier', 'db_cluster_parameter_group_name', 'engine', 'id', 'region'];
const NEVER_READ = ['cluster_identifier_prefix', 'master_password', 'master_password_wo', 'master_password_wo_version'];

interface Removed {
  readonly removed?: readonly { readonly from: string; readonly lifecycle: { readonly destroy: boolean } }[];
}

const ofTheWay = (address: string) => address.startsWith('aws_vpc_peering_connection_options.');
const forgotten = (json: TerraformJson) =>
  ((json as Removed).removed ?? []).map(({ from }) => from).filter((address) => !ofTheWay(address));

test('an adopted cluster is imported, and nothing of it is ours but the parameter group', () => {
  expect((adopt as { import?: unknown }).import).toEqual([
    { id: 'shop-production', to: 'aws_rds_cluster.production_cluster' },
  ]);
  expect(only(adopt, 'aws_rds_cluster')).toMatchObject({
    cluster_identifier: 'shop-production',
    db_cluster_parameter_group_name: '${aws_rds_cluster_parameter_group.logical_replication.name}',
    engine: 'aurora-postgresql',
    lifecycle: { ignore_changes: NOT_OURS, prevent_destroy: true },
  });
  expect(Object.keys(only(adopt, 'aws_rds_cluster'))).toHaveLength(5);
});

test('every argument that the provider has of a cluster is left alone, but for those that are stated', () => {
  const schema = readProviderSchemas().resources['aws_rds_cluster']!;
  const settable = schema.attributes.filter(({ optional, required }) => optional || required).map(({ name }) => name);
  const blocks = schema.blocks.map(({ name }) => name).filter((name) => name !== 'timeouts');
  const others = [...settable, ...blocks].filter((name) => ![...STATED, ...NEVER_READ].includes(name));
  expect([...NOT_OURS].sort()).toEqual(others.sort());
});

test('mode existing forgets what another mode had in the state, and destroys none of it', () => {
  expect(existing.resource).not.toHaveProperty('aws_rds_cluster');
  expect(forgotten(existing)).toContain('aws_rds_cluster.production_cluster');
  expect((existing as Removed).removed?.every(({ lifecycle }) => !lifecycle.destroy)).toBe(true);
  expect(forgotten(adopt)).not.toContain('aws_rds_cluster.production_cluster');
});

const CREATE = loadEnvironment(join(__dirname, 'modes/create.yaml'));
const created = synthesize(CREATE).source;

test('whatever a new cluster brings along is forgotten by the other modes, by its address', () => {
  const addresses = Object.entries(created.resource).flatMap(([type, resources]) =>
    Object.keys(resources)
      .filter((name) => name.startsWith('production'))
      .map((name) => `${type}.${name}`),
  );
  expect(forgotten(existing)).toEqual(addresses.sort());
  expect(forgotten(adopt)).toEqual(addresses.filter((address) => address !== 'aws_rds_cluster.production_cluster'));
  expect(forgotten(created)).toEqual([]);
});

test('production loses nothing by mistake, development is deleted with one command', () => {
  const cluster = (preset: 'production' | 'development') => {
    const { mode, identifier, majorVersion, extraParameters } = CREATE.source.cluster;
    const create = { preset, network: CREATE.source.cluster.create!.network };
    const source = { ...CREATE.source, cluster: { mode, identifier, majorVersion, extraParameters, create } };
    const { resource } = synthesize({ ...CREATE, source }).source;
    return { ...resource['aws_rds_cluster']!['production_cluster']!, instances: resource['aws_rds_cluster_instance'] };
  };
  expect(cluster('production')).toMatchObject({
    deletion_protection: true,
    lifecycle: { prevent_destroy: true },
    skip_final_snapshot: false,
    final_snapshot_identifier: 'new-production-final',
    backup_retention_period: 14,
    copy_tags_to_snapshot: true,
    storage_encrypted: true,
    manage_master_user_password: true,
    instances: { production_readers: { for_each: { '2': { priority: 1 } } } },
  });
  const development = cluster('development');
  expect(development).toMatchObject({
    deletion_protection: false,
    skip_final_snapshot: true,
    backup_retention_period: 1,
  });
  expect(development).not.toHaveProperty('lifecycle');
  expect(development.instances).not.toHaveProperty('production_readers');
});

test('the secret of the role can be restored for a while in production, and its name is never taken', () => {
  const secret = (preset: 'production' | 'development') => {
    const create = { ...CREATE.source.cluster.create!, preset };
    const source = { ...CREATE.source, cluster: { ...CREATE.source.cluster, create } };
    return only(synthesize({ ...CREATE, source }).source, 'aws_secretsmanager_secret');
  };
  const name = `acas/${CREATE.name}/replication`;
  expect(secret('production')).toMatchObject({ name_prefix: `${name}-`, recovery_window_in_days: 30 });
  expect(secret('production')).not.toHaveProperty('name');
  expect(secret('development')).toMatchObject({ name, recovery_window_in_days: 0 });
});

test('the contract of a new cluster says that its parameter group stays', () => {
  expect(created.output['contract']).toMatchObject({
    value: { parameterGroup: { stays: true, previous: '${aws_rds_cluster_parameter_group.logical_replication.name}' } },
    depends_on: ['aws_rds_cluster_instance.production_writer', 'aws_rds_cluster_instance.production_readers'],
  });
});
