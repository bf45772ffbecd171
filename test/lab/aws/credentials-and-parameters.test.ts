import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Client } from 'pg';
import type { Lab } from '../../../lab/lab';
import { clientOf, demoLab, removeHome, SOURCE, TARGET, temporaryHome, terraformAs } from './support';

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
    const missing = new AssumeRoleCommand({ RoleArn: `${RoleArn}-2`, RoleSessionName: 'test' });
    await expect(operator.send(missing)).rejects.toMatchObject({ name: 'AccessDenied' });
    // A trust policy that asks for no external id does not look at the one that is sent.
    const more = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ExternalId: 'any' });
    await expect(operator.send(more)).resolves.toMatchObject({ Credentials: expect.anything() });
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
    expect(await terraformAs(lab, TARGET)('data', 'aws_ssm_parameters_by_path', { path: Path })).toMatchObject({
      names: [],
    });
  });
});

describe('Secrets Manager', () => {
  const secrets = (account = SOURCE) => new SecretsManagerClient(clientOf(lab, account));

  test('has no value until somebody puts one, once per token', async () => {
    const terraform = terraformAs(lab, SOURCE);
    const { arn } = await terraform('create', 'aws_secretsmanager_secret', {
      name: 'acas/demo',
      recovery_window_in_days: 0,
    });
    const SecretId = String(arn);
    await expect(secrets().send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await secrets().send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
      ARN: SecretId,
      Name: 'acas/demo',
    });

    const put = { SecretId, ClientRequestToken: 'a'.repeat(32), SecretString: '{"password":"first of the test"}' };
    await secrets().send(new PutSecretValueCommand(put));
    await secrets().send(new PutSecretValueCommand(put));
    await expect(secrets().send(new PutSecretValueCommand({ ...put, SecretString: 'x' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    const { VersionIdsToStages } = await secrets().send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages).toEqual({ [put.ClientRequestToken]: ['AWSCURRENT'] });
    await secrets().send(new PutSecretValueCommand({ SecretId, SecretString: '{"password":"second"}' }));
    expect((await secrets().send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('{"password":"second"}');
    const previous = await secrets().send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' }));
    expect(previous.SecretString).toBe(put.SecretString);
    expect(lab.secretValues()).toEqual(expect.arrayContaining(['first of the test', 'second']));

    await expect(secrets(TARGET).send(new DescribeSecretCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await terraform('delete', 'aws_secretsmanager_secret', null, { id: arn, recovery_window_in_days: 0 });
    await expect(secrets().send(new DescribeSecretCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
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
    const { SecretString = '' } = await secrets().send(
      new GetSecretValueCommand({ SecretId: DBClusters?.[0]?.MasterUserSecret?.SecretArn }),
    );
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
