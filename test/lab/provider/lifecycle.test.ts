import { CLONE, CONFIGURATION } from './configuration';
import { useProvider } from './fixture';

const lab = useProvider(CONFIGURATION);
const changed = (resource: object): object => ({
  ...CONFIGURATION,
  resource: { ...CONFIGURATION.resource, ...resource },
});

test('creates, finds nothing to do, changes in place, replaces, destroys', async () => {
  expect(await lab.project.apply()).toMatchObject({ code: 0 });
  const [cluster] = lab.aws.callsOf('create', 'aws_rds_cluster');
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
  const outputs = JSON.parse((await lab.project.run(['output', '-json'])).stdout) as Record<string, { value: unknown }>;
  expect(outputs.arn!.value).toMatch(/^arn:aws:rds:eu-west-1:111111111111:thing:aws_rds_cluster-\d$/);
  expect(outputs.port!.value).toBe(5432);

  expect((await lab.project.plan()).text).toContain('No changes');

  await lab.project.write(changed({ aws_rds_cluster: { clone: { ...CLONE, tags: {}, backup_retention_period: 3 } } }));
  expect((await lab.project.apply()).text).toContain('0 added, 1 changed, 0 destroyed');
  expect(lab.aws.callsOf('update', 'aws_rds_cluster')[0]).toMatchObject({
    prior: { tags: { owner: 'team' } },
    config: { backup_retention_period: 3, tags_all: { project: 'sync' } },
  });
  expect(await lab.project.plan()).toMatchObject({ code: 0 });

  await lab.project.write(changed({ aws_rds_cluster: { clone: { ...CLONE, cluster_identifier: 'other' } } }));
  const replaced = await lab.project.apply();
  expect(replaced.text).toContain('forces replacement');
  expect(replaced.text).toContain('2 added, 0 changed, 2 destroyed');

  expect(await lab.project.run(['destroy', '-auto-approve', '-no-color'])).toMatchObject({ code: 0 });
  expect(lab.aws.stored.size).toBe(0);
});

test('cdktf’s `providers lock` works without a network, and init agrees with the lock file', async () => {
  expect(await lab.project.run(['providers', 'lock'])).toMatchObject({ code: 0 });
  expect(await lab.project.run(['init', '-input=false', '-lockfile=readonly'])).toMatchObject({ code: 0 });
});

test('a resource that is gone is planned again, and one that drifted is put right', async () => {
  await lab.project.apply();
  const [clusterId] = [...lab.aws.stored.keys()].filter((id) => id.startsWith('aws_rds_cluster-'));
  lab.aws.stored.delete(clusterId!);
  const group = lab.aws.stored.get('aws_rds_cluster_parameter_group-1')!;
  lab.aws.stored.set('aws_rds_cluster_parameter_group-1', { ...group, parameter: [], tags_all: { stranger: 'here' } });
  const plan = await lab.project.plan();
  expect(plan.text).toContain('aws_rds_cluster.clone will be created');
  expect(plan.text).toContain('aws_rds_cluster_parameter_group.group will be updated in-place');
  expect(plan.text).toContain('- "stranger" = "here" -> null');
});
