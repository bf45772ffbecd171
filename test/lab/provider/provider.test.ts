import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { installProvider } from '../../../lab/provider/install';

import { FakeAws } from './fake-aws';
import { TerraformProject } from './terraform-project';

const PROVIDER = {
  region: 'eu-west-1',
  allowed_account_ids: ['111111111111'],
  assume_role: [{ role_arn: 'arn:aws:iam::111111111111:role/aurora-sync' }],
  default_tags: [{ tags: { project: 'sync' } }],
};
const CLONE = {
  cluster_identifier: 'demo-clone',
  engine: 'aurora-postgresql',
  skip_final_snapshot: true,
  manage_master_user_password: true,
  db_cluster_parameter_group_name: '${aws_rds_cluster_parameter_group.group.id}',
  restore_to_point_in_time: [
    {
      source_cluster_identifier: '${data.aws_rds_cluster.source.arn}',
      restore_type: 'copy-on-write',
      use_latest_restorable_time: true,
    },
  ],
  tags: { owner: 'team' },
};
const GROUP = {
  family: 'aurora-postgresql17',
  name: 'demo',
  parameter: [
    { name: 'rds.logical_replication', value: '1', apply_method: 'pending-reboot' },
    { name: 'max_wal_senders', value: '20' },
  ],
};
const CONFIGURATION = {
  provider: { aws: [PROVIDER] },
  data: { aws_rds_cluster: { source: { cluster_identifier: 'production' } } },
  resource: {
    aws_rds_cluster_parameter_group: { group: GROUP },
    aws_rds_cluster: { clone: CLONE },
    aws_rds_cluster_instance: {
      writer: {
        cluster_identifier: '${aws_rds_cluster.clone.id}',
        engine: 'aurora-postgresql',
        instance_class: 'db.r6g.large',
      },
    },
  },
  output: { arn: { value: '${aws_rds_cluster.clone.arn}' }, port: { value: '${data.aws_rds_cluster.source.port}' } },
};
const changed = (resource: object): object => ({
  ...CONFIGURATION,
  resource: { ...CONFIGURATION.resource, ...resource },
});

let lab: string;
let installed: Record<string, string>;
let aws: FakeAws;
let project: TerraformProject;

beforeAll(async () => {
  lab = await mkdtemp(path.join(os.tmpdir(), 'provider lab '));
  installed = await installProvider(lab);
});
afterAll(() => rm(lab, { recursive: true, force: true }));

beforeEach(async () => {
  aws = new FakeAws();
  aws.data.set('aws_rds_cluster', {
    id: 'production',
    arn: 'arn:aws:rds:eu-west-1:111111111111:cluster:production',
    port: 5432,
  });
  const environment = { AWS_ENDPOINT_URL: await aws.start(), AWS_ACCESS_KEY_ID: 'LAB000000000000' };
  project = await TerraformProject.create({ ...installed, ...environment });
  await project.write(CONFIGURATION);
  const locked = await project.run(['providers', 'lock']);
  expect(locked).toMatchObject({ code: 0 });
  expect(await project.run(['init', '-input=false', '-lockfile=readonly'])).toMatchObject({ code: 0 });
});
afterEach(async () => {
  await aws.stop();
  await project.remove();
});

test('creates, finds nothing to do, changes in place, replaces, destroys', async () => {
  expect(await project.apply()).toMatchObject({ code: 0 });
  const [cluster] = aws.callsOf('create', 'aws_rds_cluster');
  expect(cluster).toMatchObject({
    account: '111111111111',
    region: 'eu-west-1',
    prior: null,
    config: {
      db_cluster_parameter_group_name: 'aws_rds_cluster_parameter_group-1',
      restore_to_point_in_time: [
        { source_cluster_identifier: 'arn:aws:rds:eu-west-1:111111111111:cluster:production' },
      ],
      tags_all: { owner: 'team', project: 'sync' },
      engine_mode: 'provisioned',
    },
  });
  expect(cluster!.config).not.toHaveProperty('endpoint');
  const outputs = JSON.parse((await project.run(['output', '-json'])).stdout) as Record<string, { value: unknown }>;
  expect(outputs.arn!.value).toMatch(/^arn:aws:rds:eu-west-1:111111111111:thing:aws_rds_cluster-\d$/);
  expect(outputs.port!.value).toBe(5432);

  expect((await project.plan()).text).toContain('No changes');

  await project.write(changed({ aws_rds_cluster: { clone: { ...CLONE, tags: {}, backup_retention_period: 3 } } }));
  expect((await project.apply()).text).toContain('0 added, 1 changed, 0 destroyed');
  expect(aws.callsOf('update', 'aws_rds_cluster')[0]).toMatchObject({
    prior: { tags: { owner: 'team' } },
    config: { backup_retention_period: 3, tags_all: { project: 'sync' } },
  });
  expect(await project.plan()).toMatchObject({ code: 0 });

  await project.write(changed({ aws_rds_cluster: { clone: { ...CLONE, cluster_identifier: 'other' } } }));
  const replaced = await project.apply();
  expect(replaced.text).toContain('forces replacement');
  expect(replaced.text).toContain('2 added, 0 changed, 2 destroyed');

  expect(await project.run(['destroy', '-auto-approve', '-no-color'])).toMatchObject({ code: 0 });
  expect(aws.stored.size).toBe(0);
});

test('a resource that is gone is planned again, and one that drifted is put right', async () => {
  await project.apply();
  const [clusterId] = [...aws.stored.keys()].filter((id) => id.startsWith('aws_rds_cluster-'));
  aws.stored.delete(clusterId!);
  const group = aws.stored.get('aws_rds_cluster_parameter_group-1')!;
  aws.stored.set('aws_rds_cluster_parameter_group-1', { ...group, parameter: [], tags_all: { stranger: 'here' } });
  const plan = await project.plan();
  expect(plan.text).toContain('aws_rds_cluster.clone will be created');
  expect(plan.text).toContain('aws_rds_cluster_parameter_group.group will be updated in-place');
  expect(plan.text).toContain('- "stranger" = "here" -> null');
});

test('refuses what the AWS provider refuses', async () => {
  const refusals: [object, string][] = [
    [
      { aws_rds_cluster: { clone: { ...CLONE, cluster_name: 'x' } } },
      'No argument or block type is named "cluster_name"',
    ],
    [{ aws_rds_cluster: { clone: { ...CLONE, port: 'many' } } }, 'a number is required'],
    [{ aws_rds_cluster: { clone: { ...CLONE, engine: undefined } } }, 'The argument "engine" is required'],
    [{ aws_rds_cluster: { clone: { ...CLONE, arn: 'arn:x' } } }, 'cannot be set'],
    [{ aws_rds_cluster: { clone: { ...CLONE, kms_key_id: 'alias/key' } } }, '"kms_key_id" is not valid'],
    [
      { aws_route: { r: { route_table_id: 'rtb-1', destination_cidr_block: '10.0.0.1/16', gateway_id: 'igw-1' } } },
      'canonical IPv4 CIDR',
    ],
    [
      {
        aws_ram_principal_association: {
          p: { principal: '1234', resource_share_arn: 'arn:aws:ram:eu-west-1:111111111111:resource-share/x' },
        },
      },
      '12-digit account id',
    ],
    [
      { aws_rds_cluster: { clone: { ...CLONE, restore_to_point_in_time: [{ source_cluster_identifier: 'arn:x' }] } } },
      'its full ARN',
    ],
    [
      { aws_rds_cluster: { clone: { ...CLONE, restore_to_point_in_time: [{ source_cluster_identifier: 'a' }] } } },
      'exactly one of use_latest_restorable_time, restore_to_time',
    ],
    [{ aws_no_such_thing: { x: {} } }, 'does not support resource type'],
  ];
  for (const [resource, message] of refusals) {
    await project.write(changed(resource));
    const result = await project.run(['validate', '-no-color']);
    expect({ message, ...result }).toMatchObject({ code: 1, text: expect.stringContaining(message) as string });
  }
});

test('says what to do when the lab is not there, the account is another, or AWS refuses', async () => {
  aws.refused.add('aws_rds_cluster_parameter_group');
  const refused = await project.apply();
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('InvalidParameterValue') as string });
  expect(aws.stored.size).toBe(0);

  const unset = await project.plan({ AWS_ENDPOINT_URL: '' });
  expect(unset.text).toContain(
    'AWS_ENDPOINT_URL is not set. Start the lab and load its environment: npm run lab -- up',
  );
  const unreachable = await project.plan({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect(unreachable.text).toContain('The lab does not answer');
  expect(unreachable.text).toContain('npm run lab -- up');
  const withTls = await project.plan({ TF_DISABLE_PLUGIN_TLS: '' });
  expect(withTls.text).toContain('TF_DISABLE_PLUGIN_TLS=1 is not set');

  await project.write({
    ...CONFIGURATION,
    provider: { aws: [{ ...PROVIDER, allowed_account_ids: ['222222222222'] }] },
  });
  expect((await project.plan()).text).toContain('AWS account ID not allowed: 111111111111');
});

test('a cluster without a final snapshot is not destroyed unless told so', async () => {
  await project.write(changed({ aws_rds_cluster: { clone: { ...CLONE, skip_final_snapshot: false } } }));
  expect(await project.apply()).toMatchObject({ code: 0 });
  const destroyed = await project.run(['destroy', '-auto-approve', '-no-color']);
  expect(destroyed.text).toContain('final_snapshot_identifier is required when skip_final_snapshot is false');
  expect([...aws.stored.keys()].some((id) => id.startsWith('aws_rds_cluster-'))).toBe(true);
});
