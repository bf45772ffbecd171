import {
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  ModifyDBClusterCommand,
  paginateDescribeDBClusterParameters,
  RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, GetParameterCommand, GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Client } from 'pg';
import type { Lab } from '../../../lab/lab';
import { clientOf, demoLab, poll, removeHome, SOURCE, TARGET, temporaryHome, terraformAs } from './support';

const CLUSTER = 'demo-production';
const home = temporaryHome();
let lab: Lab;

beforeAll(async () => {
  lab = await demoLab(home);
});

afterAll(async () => {
  await lab?.down();
  removeHome(home);
});

async function show(name: string): Promise<string> {
  const client = new Client(lab.sourceConnection('shop'));
  await client.connect();
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  await client.end();
  return rows[0]?.value ?? '';
}

describe('RDS', () => {
  const rds = () => new RDSClient(clientOf(lab, SOURCE));
  const cluster = async () => (await rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier: CLUSTER }))).DBClusters?.[0];

  test('describes the production cluster and its writer', async () => {
    const found = await cluster();
    expect(found).toMatchObject({
      Status: 'available',
      Endpoint: 'localhost',
      DBClusterParameterGroup: 'default.aurora-postgresql17',
      MasterUsername: 'app_owner',
      DBClusterArn: `arn:aws:rds:eu-west-1:${SOURCE}:cluster:${CLUSTER}`,
      DBClusterMembers: [{ IsClusterWriter: true, DBClusterParameterGroupStatus: 'in-sync' }],
    });
    expect(found?.EngineVersion).toBe(await show('server_version'));
    expect(found?.Port).toBe(lab.sourceConnection('shop').port);
    const filtered = await rds().send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [CLUSTER] }] }));
    expect(filtered.DBInstances?.map((one) => one.DBInstanceStatus)).toEqual(['available']);
    const none = await rds().send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: ['other'] }] }));
    expect(none.DBInstances).toEqual([]);
  });

  test('pages through parameters', async () => {
    const input = { DBClusterParameterGroupName: 'default.aurora-postgresql17' };
    const names: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateDescribeDBClusterParameters({ client: rds(), pageSize: 20 }, { ...input })) {
      pages += 1;
      names.push(...(page.Parameters ?? []).map((one) => one.ParameterName));
    }
    expect(pages).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
    const whole = await rds().send(new DescribeDBClusterParametersCommand(input));
    expect(names).toEqual(whole.Parameters?.map((one) => one.ParameterName));
    expect(whole.Parameters?.find((one) => one.ParameterName === 'rds.logical_replication')).toMatchObject({
      ParameterValue: '0',
      Source: 'engine-default',
      ApplyType: 'static',
    });
  });

  test('a new parameter group waits for the reboot, which restarts the server', async () => {
    const parameter = [
      { name: 'rds.logical_replication', value: '1', apply_method: 'pending-reboot' },
      { name: 'wal_sender_timeout', value: '12000', apply_method: 'immediate' },
    ];
    const terraform = terraformAs(lab, SOURCE);
    const group = await terraform('create', 'aws_rds_cluster_parameter_group', { name: 'logical', family: 'aurora-postgresql17', parameter });
    await rds().send(new ModifyDBClusterCommand({ DBClusterIdentifier: CLUSTER, DBClusterParameterGroupName: 'logical', ApplyImmediately: true }));
    const waiting = await cluster();
    expect(waiting?.DBClusterParameterGroup).toBe('logical');
    expect(waiting?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('pending-reboot');
    expect(await show('wal_level')).toBe('replica');

    const member = waiting?.DBClusterMembers?.[0]?.DBInstanceIdentifier;
    const answer = await rds().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: member }));
    expect(answer.DBInstance?.DBInstanceStatus).toBe('rebooting');
    const after = await poll(cluster, (now) => now?.Status === 'available');
    expect(after?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('in-sync');
    expect(await show('wal_level')).toBe('logical');
    expect(await show('wal_sender_timeout')).toBe('12s');

    const changed = [parameter[0], { ...parameter[1], value: '13000' }];
    await terraform('update', 'aws_rds_cluster_parameter_group', { ...group, parameter: changed }, group);
    expect(await show('wal_sender_timeout')).toBe('13s');
    const fewer = [{ name: 'max_wal_senders', value: '30', apply_method: 'pending-reboot' }, ...changed];
    await terraform('update', 'aws_rds_cluster_parameter_group', { ...group, parameter: fewer }, group);
    expect((await cluster())?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('pending-reboot');
    await expect(terraform('delete', 'aws_rds_cluster_parameter_group', null, group)).rejects.toThrow('InvalidDBParameterGroupState');
    const source = await rds().send(new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: 'logical', Source: 'user' }));
    expect(source.Parameters).toHaveLength(3);
  });

  test('a role can be changed at any moment after rds_replication is granted to it', async () => {
    const client = new Client(lab.sourceConnection('shop'));
    await client.connect();
    for (let round = 0; round < 20; round += 1) {
      await client.query('CREATE ROLE replicator LOGIN; GRANT rds_replication TO replicator');
      const replicates = "SELECT rolreplication AS given FROM pg_roles WHERE rolname = 'replicator'";
      const change = async () => {
        await client.query('ALTER ROLE replicator CONNECTION LIMIT 9');
        return (await client.query<{ given: boolean }>(replicates)).rows[0]?.given;
      };
      await poll(change, (given) => given === true, 5);
      await client.query('DROP ROLE replicator');
    }
    await client.end();
  });

  test('reports errors under the names that the SDK knows', async () => {
    const groupless = new ModifyDBClusterCommand({ DBClusterIdentifier: CLUSTER, DBClusterParameterGroupName: 'absent' });
    await expect(rds().send(groupless)).rejects.toMatchObject({ name: 'DBClusterParameterGroupNotFoundFault' });
    const other = new DescribeDBClustersCommand({ DBClusterIdentifier: 'absent' });
    await expect(rds().send(other)).rejects.toMatchObject({ name: 'DBClusterNotFoundFault', $metadata: { httpStatusCode: 404 } });
    await expect(rds().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'absent' }))).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
    });
    await expect(rds().send(new DescribeEventsCommand({}))).rejects.toThrow('does not know the call "DescribeEvents"');
  });

  test('keeps the accounts apart', async () => {
    const target = new RDSClient(clientOf(lab, TARGET));
    await expect(target.send(new DescribeDBClustersCommand({ DBClusterIdentifier: CLUSTER }))).rejects.toThrow('not found');
    expect((await target.send(new DescribeDBClustersCommand({}))).DBClusters).toEqual([]);
    const groups = await target.send(new DescribeDBClusterParameterGroupsCommand({}));
    expect(groups.DBClusterParameterGroups?.map((one) => one.DBClusterParameterGroupName)).toEqual(['default.aurora-postgresql17']);
    const operator = new RDSClient(clientOf(lab, '000000000000'));
    await expect(operator.send(new DescribeDBClustersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    const elsewhere = new RDSClient({ ...clientOf(lab, SOURCE), region: 'us-east-1' });
    await expect(elsewhere.send(new DescribeDBClustersCommand({}))).rejects.toThrow('us-east-1');
  });
});

describe('STS', () => {
  test('the operator assumes the role of an account and calls as it', async () => {
    const operator = new STSClient(clientOf(lab, '000000000000'));
    const RoleArn = `arn:aws:iam::${TARGET}:role/aurora-sync`;
    const { Credentials } = await operator.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now());
    const assumed = new STSClient({
      ...clientOf(lab, TARGET),
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken,
      },
    });
    const identity = await assumed.send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: TARGET, Arn: `arn:aws:sts::${TARGET}:assumed-role/aurora-sync/test` });
    const strange = new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::999999999999:role/x', RoleSessionName: 'test' });
    await expect(operator.send(strange)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('SSM', () => {
  test('writes, overwrites, lists and deletes a parameter of one account', async () => {
    const ssm = new SSMClient(clientOf(lab, TARGET));
    const Name = '/aurora-cross-account-sync/demo/clone-ticket';
    await expect(ssm.send(new GetParameterCommand({ Name }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await ssm.send(new PutParameterCommand({ Name, Value: 'one', Type: 'String' }));
    const again = new PutParameterCommand({ Name, Value: 'two', Type: 'String' });
    await expect(ssm.send(again)).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    await ssm.send(new PutParameterCommand({ Name, Value: 'two', Overwrite: true }));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    expect(Parameter).toMatchObject({ Value: 'two', Version: 2, Type: 'String' });
    expect(Parameter?.LastModifiedDate).toBeInstanceOf(Date);

    const Path = '/aurora-cross-account-sync/demo';
    const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path }));
    expect(Parameters?.map((one) => one.Name)).toEqual([Name]);
    const data = await terraformAs(lab, TARGET)('data', 'aws_ssm_parameters_by_path', { path: Path });
    expect(data).toMatchObject({ names: [Name], values: ['two'] });
    const other = new SSMClient(clientOf(lab, SOURCE));
    await expect(other.send(new GetParameterCommand({ Name }))).rejects.toMatchObject({ name: 'ParameterNotFound' });

    await ssm.send(new DeleteParameterCommand({ Name }));
    await expect(ssm.send(new DeleteParameterCommand({ Name }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
    expect(await terraformAs(lab, TARGET)('data', 'aws_ssm_parameters_by_path', { path: Path })).toMatchObject({ names: [] });
  });
});

describe('Secrets Manager', () => {
  const secrets = (account = SOURCE) => new SecretsManagerClient(clientOf(lab, account));

  test('has no value until somebody puts one, once per token', async () => {
    const terraform = terraformAs(lab, SOURCE);
    const { arn } = await terraform('create', 'aws_secretsmanager_secret', { name: 'acas/demo', recovery_window_in_days: 0 });
    const SecretId = String(arn);
    await expect(secrets().send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await secrets().send(new DescribeSecretCommand({ SecretId }))).toMatchObject({ ARN: SecretId, Name: 'acas/demo' });

    const put = { SecretId, ClientRequestToken: 'a'.repeat(32), SecretString: '{"password":"first of the test"}' };
    await secrets().send(new PutSecretValueCommand(put));
    await secrets().send(new PutSecretValueCommand(put));
    await expect(secrets().send(new PutSecretValueCommand({ ...put, SecretString: 'x' }))).rejects.toMatchObject({ name: 'ResourceExistsException' });
    const { VersionIdsToStages } = await secrets().send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages).toEqual({ [put.ClientRequestToken]: ['AWSCURRENT'] });
    await secrets().send(new PutSecretValueCommand({ SecretId, SecretString: '{"password":"second"}' }));
    expect((await secrets().send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('{"password":"second"}');
    const previous = await secrets().send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' }));
    expect(previous.SecretString).toBe(put.SecretString);
    expect(lab.secretValues()).toEqual(expect.arrayContaining(['first of the test', 'second']));

    await expect(secrets(TARGET).send(new DescribeSecretCommand({ SecretId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await terraform('delete', 'aws_secretsmanager_secret', null, { id: arn, recovery_window_in_days: 0 });
    await expect(secrets().send(new DescribeSecretCommand({ SecretId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a secret with a recovery window keeps its name taken', async () => {
    const terraform = terraformAs(lab, SOURCE);
    const config = { name: 'kept', recovery_window_in_days: 7 };
    const { arn } = await terraform('create', 'aws_secretsmanager_secret', config);
    await terraform('delete', 'aws_secretsmanager_secret', null, { ...config, id: arn });
    await expect(terraform('create', 'aws_secretsmanager_secret', config)).rejects.toThrow('scheduled for deletion');
  });

  test('the managed master secret opens the cluster', async () => {
    const rds = new RDSClient(clientOf(lab, SOURCE));
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: CLUSTER }));
    const { SecretString = '' } = await secrets().send(new GetSecretValueCommand({ SecretId: DBClusters?.[0]?.MasterUserSecret?.SecretArn }));
    const { username, password } = JSON.parse(SecretString) as { username: string; password: string };
    const client = new Client({ ...lab.sourceConnection('ledger'), user: username, password });
    await client.connect();
    const { rows } = await client.query<{ name: string }>('SELECT current_user AS name');
    await client.end();
    expect(rows).toEqual([{ name: 'app_owner' }]);
    expect(password).toMatch(/['"\\% @!]/);
    expect(lab.secretValues()).toContain(password);
  });
});
