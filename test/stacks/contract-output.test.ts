import { sourceContractSchema, targetContractSchema } from '../../contract/contract';
import { evaluated } from './evaluated';
import { committed, synthesize } from './synthesized';

test.each(['demo', 'example'] as const)('both outputs of %s satisfy the contract', (name) => {
  const { source, target } = synthesize(committed(name));
  const sourceContract = sourceContractSchema.parse(evaluated(source.output['contract']?.value));
  const targetContract = targetContractSchema.parse(evaluated(target.output['contract']?.value));
  expect([sourceContract.side, targetContract.side]).toEqual(['source', 'target']);
  expect(sourceContract.targetAccount).toEqual(targetContract.account);
});

test('a side without a role says so, rather than leaving it out', () => {
  const environment = committed('demo');
  const { source, target } = synthesize({
    ...environment,
    source: { ...environment.source, roleArn: undefined },
    target: { ...environment.target, roleArn: undefined },
  });
  expect(source.output['contract']?.value).toMatchObject({
    account: { roleArn: '${null}' },
    targetAccount: { roleArn: '${null}' },
  });
  expect(target.output['contract']?.value).toMatchObject({ account: { roleArn: '${null}' } });
  expect(source.provider.aws[0]).not.toHaveProperty('assume_role');
});

test('the demo replicates one database whole and two schemas of the other', () => {
  const { source } = synthesize(committed('demo'));
  expect(source.output['contract']?.value).toMatchObject({
    links: [
      { database: 'shop', streams: [{ slot: 'acas_demo_shop', selection: { kind: 'all' } }] },
      {
        database: 'ledger',
        streams: [{ slot: 'acas_demo_ledger', selection: { kind: 'schemas', schemas: ['public', 'Audit'] } }],
      },
    ],
    replication: { role: 'acas_demo', sslRootCert: 'rds-ca.pem' },
    parameterGroup: {
      name: '${aws_rds_cluster_parameter_group.logical_replication.name}',
      previous: 'default.aurora-postgresql17',
    },
  });
});

test('a name that looks like a Terraform expression stays a name', () => {
  const { source } = synthesize({
    ...committed('demo'),
    databases: [{ name: 'shop', tables: ['public."${path.cwd} %{if}"'] }],
  });
  expect(source.output['contract']?.value).toMatchObject({
    links: [{ streams: [{ selection: { tables: [{ schema: 'public', name: '$${path.cwd} %%{if}' }] } }] }],
  });
});

test('until there is a clone the target has nothing to say of its cluster', () => {
  const { target } = synthesize(committed('demo'));
  const { cluster } = target.output['contract']!.value as { cluster: Record<string, string> };
  for (const value of Object.values(cluster)) expect(value).toMatch(/^\$\{one\(aws_rds_cluster\.clone_cluster\[\*\]/);
});
