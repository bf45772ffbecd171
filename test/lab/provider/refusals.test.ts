import { CLONE, CONFIGURATION, PROVIDER } from './configuration';
import { useProvider } from './fixture';

const lab = useProvider(CONFIGURATION);
const changed = (resource: object): object => ({
  ...CONFIGURATION,
  resource: { ...CONFIGURATION.resource, ...resource },
});

test('refuses what the AWS provider refuses', async () => {
  await lab.project.write(
    changed({
      aws_rds_cluster: {
        name: { ...CLONE, cluster_name: 'x' },
        type: { ...CLONE, port: 'many' },
        required: { ...CLONE, engine: undefined },
        twice: { ...CLONE, restore_to_point_in_time: [{}, {}] },
      },
      aws_no_such_thing: { x: {} },
    }),
  );
  const bySchema = await lab.project.run(['validate', '-no-color']);
  expect(bySchema.code).toBe(1);
  expect(bySchema.text).toContain('No argument or block type is named "cluster_name"');
  expect(bySchema.text).toContain('Inappropriate value for attribute "port": a number is required');
  expect(bySchema.text).toContain('The argument "engine" is required');
  expect(bySchema.text).toContain('No more than 1 "restore_to_point_in_time" blocks are allowed');
  expect(bySchema.text).toContain('does not support resource type "aws_no_such_thing"');

  const share = 'arn:aws:ram:eu-west-1:111111111111:resource-share/x';
  await lab.project.write(
    changed({
      aws_rds_cluster: {
        computed: { ...CLONE, arn: 'arn:x' },
        key: { ...CLONE, kms_key_id: 'alias/key' },
        source: { ...CLONE, restore_to_point_in_time: [{ source_cluster_identifier: 'arn:aws:rds:x' }] },
      },
      aws_route: { r: { route_table_id: 'rtb-1', destination_cidr_block: '10.0.0.1/16', gateway_id: 'igw-1' } },
      aws_ram_principal_association: { p: { principal: '1234', resource_share_arn: share } },
    }),
  );
  const byRules = await lab.project.run(['validate', '-no-color']);
  expect(byRules.code).toBe(1);
  expect(byRules.text).toContain('The value of "arn" is decided by AWS and cannot be set');
  expect(byRules.text).toContain('"kms_key_id" is not valid');
  expect(byRules.text).toContain('for a cluster shared by another account its full ARN, is needed');
  expect(byRules.text).toContain('Set exactly one of use_latest_restorable_time, restore_to_time; none is set');
  expect(byRules.text).toContain('canonical IPv4 CIDR');
  expect(byRules.text).toContain('12-digit account id');
});

test('says what to do when the lab is not there, the account is another, or AWS refuses', async () => {
  lab.aws.refused.add('aws_rds_cluster_parameter_group');
  const refused = await lab.project.apply();
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('InvalidParameterValue') as string });
  expect(lab.aws.stored.size).toBe(0);

  const unset = await lab.project.plan({ AWS_ENDPOINT_URL: '' });
  expect(unset.text).toContain(
    'AWS_ENDPOINT_URL is not set. Start the lab and load its environment: npm run lab -- up',
  );
  const unreachable = await lab.project.plan({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect(unreachable.text).toContain('The lab does not answer');
  expect(unreachable.text).toContain('npm run lab -- up');
  const withTls = await lab.project.plan({ TF_DISABLE_PLUGIN_TLS: '' });
  expect(withTls.text).toContain('TF_DISABLE_PLUGIN_TLS=1 is not set');

  await lab.project.write({
    ...CONFIGURATION,
    provider: { aws: [{ ...PROVIDER, allowed_account_ids: ['222222222222'] }] },
  });
  expect((await lab.project.plan()).text).toContain('AWS account ID not allowed: 111111111111');
});
