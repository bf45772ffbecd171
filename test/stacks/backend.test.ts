import type { Backend } from '../../environments/schema/backend';
import { committed, synthesize } from './synthesized';

function withBackend(backend: Backend) {
  return synthesize({ ...committed('demo'), backend });
}

test('local state lies below the project, three levels above the stack', () => {
  const { source, target } = withBackend({ type: 'local', directory: 'states/here/' });
  expect(source.terraform.backend).toEqual({ local: { path: '../../../states/here/demo-source.tfstate' } });
  expect(target.terraform.backend).toEqual({ local: { path: '../../../states/here/demo-target.tfstate' } });
  expect(target.data['terraform_remote_state']?.['source']).toMatchObject({
    backend: 'local',
    config: { path: '../../../states/here/demo-source.tfstate' },
  });
});

test('S3 locks with a lock file, and each side uses its own role for the bucket', () => {
  const { source, target } = withBackend({
    type: 's3',
    bucket: 'states',
    region: 'eu-west-1',
    keyPrefix: 'a/b',
    sourceRoleArn: 'arn:aws:iam::111111111111:role/s',
    targetRoleArn: 'arn:aws:iam::222222222222:role/t',
  });
  const common = { bucket: 'states', region: 'eu-west-1', encrypt: true };
  const asTarget = { assume_role: { role_arn: 'arn:aws:iam::222222222222:role/t' } };
  expect(source.terraform.backend).toEqual({
    s3: {
      ...common,
      key: 'a/b/demo-source.tfstate',
      use_lockfile: true,
      assume_role: { role_arn: 'arn:aws:iam::111111111111:role/s' },
    },
  });
  expect(target.terraform.backend).toEqual({
    s3: { ...common, ...asTarget, key: 'a/b/demo-target.tfstate', use_lockfile: true },
  });
  expect(target.data['terraform_remote_state']?.['source']).toMatchObject({
    backend: 's3',
    config: { ...common, ...asTarget, key: 'a/b/demo-source.tfstate' },
  });
});

test('HCP Terraform has one named workspace for each stack', () => {
  const { source, target } = withBackend({
    type: 'remote',
    hostname: 'app.terraform.io',
    organization: 'example',
    workspacePrefix: 'sync-',
  });
  const place = { hostname: 'app.terraform.io', organization: 'example' };
  expect(source.terraform.cloud).toEqual({ ...place, workspaces: { name: 'sync-demo-source' } });
  expect(target.terraform.cloud).toEqual({ ...place, workspaces: { name: 'sync-demo-target' } });
  expect(target.data['terraform_remote_state']?.['source']).toMatchObject({
    backend: 'remote',
    config: { ...place, workspaces: { name: 'sync-demo-source' } },
  });
});
