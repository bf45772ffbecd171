import { deleteResource, readDataSource, writeResource, type Target } from '../../../lab/provider/resource-lifecycle';
import { readProviderSchemas } from '../../../lab/provider/schema/schema-source';

import { FakeAws } from './fake-aws';

const schemas = readProviderSchemas();
let aws: FakeAws;
let target: (type: string) => Target;
beforeEach(async () => {
  aws = new FakeAws();
  const settings = { account: '111111111111', region: 'eu-west-1', endpoint: await aws.start(), defaultTags: {} };
  target = (type) => ({ type, schema: (schemas.resources[type] ?? schemas.dataSources[type])!, settings });
});
afterEach(() => aws.stop());

test('a cluster is not deleted before it is clear what becomes of its data', async () => {
  const cluster = target('aws_rds_cluster');
  const state = { id: 'aws_rds_cluster-1', skip_final_snapshot: false, final_snapshot_identifier: null };
  await expect(deleteResource(cluster, state)).rejects.toThrow('final_snapshot_identifier is required');
  expect(aws.calls).toEqual([]);
  await deleteResource(cluster, { ...state, skip_final_snapshot: true });
  await deleteResource(cluster, { ...state, final_snapshot_identifier: 'last' });
  expect(aws.callsOf('delete', 'aws_rds_cluster')).toHaveLength(2);
});

test('a call goes to the Region of the resource, else of the provider', async () => {
  const share = target('aws_ram_resource_share');
  await writeResource(share, { name: 'x', region: 'us-east-1' }, null);
  await writeResource(share, { name: 'x', region: null }, null);
  expect(aws.calls.map(({ region }) => region)).toEqual(['us-east-1', 'eu-west-1']);
});

test('an answer that the AWS schema does not allow is refused, and so is none at all', async () => {
  aws.data.set('aws_caller_identity', { account: '111111111111' });
  await expect(readDataSource(target('aws_caller_identity'), {})).rejects.toThrow(
    'account: there is no such attribute',
  );
  aws.data.set('aws_rds_cluster', { port: '5432' });
  await expect(readDataSource(target('aws_rds_cluster'), {})).rejects.toThrow('port: must be a number');
  aws.data.delete('aws_rds_cluster');
  await expect(readDataSource(target('aws_rds_cluster'), {})).rejects.toThrow('No matching aws_rds_cluster found');
});
