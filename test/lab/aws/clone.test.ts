import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { Client, type ClientConfig } from 'pg';
import type { Lab } from '../../../lab/lab';
import { clientOf, demoLab, removeHome, SOURCE, TARGET, temporaryHome, terraformAs } from './support';

const home = temporaryHome();
const FAMILY = 'aurora-postgresql17';
const SUBNETS = ['subnet-0b2222222222222d1', 'subnet-0b2222222222222d2'];
let lab: Lab;
let source: ReturnType<typeof terraformAs>;
let target: ReturnType<typeof terraformAs>;
let clusterArn: string;
let shareArn: string;

beforeAll(async () => {
  lab = await demoLab(home);
  source = terraformAs(lab, SOURCE);
  target = terraformAs(lab, TARGET);
  clusterArn = String((await source('data', 'aws_rds_cluster', { cluster_identifier: 'demo-production' })).arn);
  await target('create', 'aws_db_subnet_group', { name: 'clone', subnet_ids: SUBNETS });
  await target('create', 'aws_rds_cluster_parameter_group', {
    name: 'clone',
    family: FAMILY,
    parameter: [{ name: 'max_logical_replication_workers', value: '9', apply_method: 'pending-reboot' }],
  });
});

afterAll(async () => {
  await lab?.down();
  removeHome(home);
});

const cloneConfig = (more: object = {}) => ({
  cluster_identifier: 'demo-clone',
  engine: 'aurora-postgresql',
  db_subnet_group_name: 'clone',
  db_cluster_parameter_group_name: 'clone',
  manage_master_user_password: true,
  skip_final_snapshot: true,
  restore_to_point_in_time: [
    {
      source_cluster_identifier: clusterArn,
      restore_type: 'copy-on-write',
      use_latest_restorable_time: true,
      restore_to_time: null,
    },
  ],
  ...more,
});

async function query(config: ClientConfig, sql: string): Promise<unknown[]> {
  const client = new Client(config);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql).finally(() => client.end());
  return rows;
}

test('a cluster must be shared and the share accepted before it can be cloned', async () => {
  const create = () => target('create', 'aws_rds_cluster', cloneConfig());
  await expect(create()).rejects.toThrow('DBClusterNotFoundFault');
  shareArn = String(
    (await source('create', 'aws_ram_resource_share', { name: 'demo', allow_external_principals: true })).arn,
  );
  await source('create', 'aws_ram_resource_association', { resource_share_arn: shareArn, resource_arn: clusterArn });
  await expect(target('create', 'aws_ram_resource_share_accepter', { share_arn: shareArn })).rejects.toThrow(
    'No pending RAM Resource Share',
  );
  await source('create', 'aws_ram_principal_association', { resource_share_arn: shareArn, principal: TARGET });
  await expect(create()).rejects.toThrow('DBClusterNotFoundFault');
  const shared = { name: 'demo', resource_owner: 'OTHER-ACCOUNTS', resource_share_status: 'ACTIVE' };
  const lookedUp = (config: object = {}) => target('data', 'aws_ram_resource_share', { ...shared, ...config });
  await expect(lookedUp()).rejects.toThrow('no matching RAM Resource Share found');
  const accepted = await target('create', 'aws_ram_resource_share_accepter', { share_arn: shareArn });
  expect(accepted).toMatchObject({
    status: 'ACTIVE',
    sender_account_id: SOURCE,
    receiver_account_id: TARGET,
    resources: [clusterArn],
  });
  expect(await lookedUp()).toMatchObject({ arn: shareArn, owning_account_id: SOURCE, resource_arns: [clusterArn] });
  await expect(lookedUp({ name: 'other' })).rejects.toThrow('no matching RAM Resource Share found');
  await expect(lookedUp({ resource_owner: 'SELF' })).rejects.toThrow('shares by another lookup');
});

test('refuses clones that AWS would refuse, and makes nothing of them', async () => {
  const create = (more: object) => target('create', 'aws_rds_cluster', cloneConfig(more));
  const restore = cloneConfig().restore_to_point_in_time[0];
  await expect(
    create({ restore_to_point_in_time: [{ ...restore, source_cluster_identifier: 'demo-production' }] }),
  ).rejects.toThrow('could not be found');
  await expect(create({ restore_to_point_in_time: [{ ...restore, restore_type: 'full-copy' }] })).rejects.toThrow(
    'copy-on-write',
  );
  await expect(create({ db_subnet_group_name: 'absent' })).rejects.toThrow('DBSubnetGroupNotFoundFault');
  await expect(create({ vpc_security_group_ids: ['sg-0123456789abcdef0'] })).rejects.toThrow('InvalidGroup.NotFound');
  await expect(create({ kms_key_id: 'arn:aws:kms:eu-west-1:222222222222:key/absent' })).rejects.toThrow(
    'cannot be encrypted',
  );
  await target('create', 'aws_rds_cluster_parameter_group', { name: 'old', family: 'aurora-postgresql16' });
  await expect(create({ db_cluster_parameter_group_name: 'old' })).rejects.toThrow("can't be used for this cluster");
  expect(Object.keys(lab.state.world.accounts[TARGET]?.clusters ?? {})).toEqual([]);
});

test('the clone has the rows of the source, its own password and the parameters of its group', async () => {
  const shop = lab.sourceConnection('shop');
  await query(shop, 'CREATE TABLE before_clone AS SELECT generate_series(1, 1000) AS id');
  const cluster = await target('create', 'aws_rds_cluster', cloneConfig());
  expect(cluster).toMatchObject({
    arn: `arn:aws:rds:eu-west-1:${TARGET}:cluster:demo-clone`,
    master_username: 'app_owner',
  });
  const secretArn = (cluster.master_user_secret as { secret_arn: string }[])[0]?.secret_arn;
  await expect(query(lab.cloneConnection('shop'), 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await expect(target('create', 'aws_rds_cluster', cloneConfig({ cluster_identifier: 'second' }))).rejects.toThrow(
    'already has the cross-account clone',
  );

  const config = { cluster_identifier: 'demo-clone', identifier: 'demo-clone-1', instance_class: 'db.r6g.large' };
  expect(await target('create', 'aws_rds_cluster_instance', config)).toMatchObject({
    writer: true,
    port: cluster.port,
  });
  const clone = lab.cloneConnection('shop');
  expect(await query(clone, 'SELECT count(*)::int AS count FROM before_clone')).toEqual([{ count: 1000 }]);
  expect(await query(clone, 'SHOW max_logical_replication_workers')).toEqual([
    { max_logical_replication_workers: '9' },
  ]);
  const seed = lab.state.world.accounts[TARGET]?.clusters['demo-clone']?.seedLsn;
  expect(await query(clone, 'SELECT aurora_volume_logical_start_lsn()::text AS lsn')).toEqual([{ lsn: seed }]);
  const [{ written } = { written: false }] = (await query(
    shop,
    `SELECT pg_current_wal_flush_lsn() >= '${seed}' AS written`,
  )) as { written: boolean }[];
  expect(written).toBe(true);
  expect(await query(shop, 'SELECT aurora_volume_logical_start_lsn() AS lsn')).toEqual([{ lsn: null }]);
  await query(shop, 'CREATE TABLE after_clone (id int)');
  expect(await query(clone, "SELECT to_regclass('after_clone') IS NULL AS absent")).toEqual([{ absent: true }]);

  const secrets = new SecretsManagerClient(clientOf(lab, TARGET));
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
  expect((JSON.parse(SecretString) as { password: string }).password).toBe(clone.password);
  await expect(query({ ...clone, password: shop.password }, 'SELECT 1')).rejects.toThrow(
    'password authentication failed',
  );
  const { DBClusters } = await new RDSClient(clientOf(lab, TARGET)).send(new DescribeDBClustersCommand({}));
  expect(DBClusters?.[0]).toMatchObject({
    CrossAccountClone: true,
    DBClusterMembers: [{ DBClusterParameterGroupStatus: 'in-sync' }],
  });
});

test('goes in the order that AWS demands', async () => {
  const cluster = { id: 'demo-clone', skip_final_snapshot: true };
  await expect(target('delete', 'aws_rds_cluster', null, cluster)).rejects.toThrow('still contains DB instances');
  await target('delete', 'aws_rds_cluster_instance', null, { id: 'demo-clone-1' });
  await expect(query(lab.cloneConnection('shop'), 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await expect(target('delete', 'aws_db_subnet_group', null, { id: 'clone' })).rejects.toThrow(
    'InvalidDBSubnetGroupStateFault',
  );
  await expect(target('delete', 'aws_rds_cluster', null, { id: 'demo-clone' })).rejects.toThrow(
    'final_snapshot_identifier',
  );
  await target('delete', 'aws_rds_cluster', null, cluster);
  expect(await target('read', 'aws_rds_cluster', null, cluster)).toBeNull();
  await target('delete', 'aws_db_subnet_group', null, { id: 'clone' });
  await target('delete', 'aws_rds_cluster_parameter_group', null, { id: 'clone' });
  await source('delete', 'aws_ram_resource_share', null, { id: shareArn });
  expect(await target('read', 'aws_ram_resource_share_accepter', null, { share_arn: shareArn })).toBeNull();
});
