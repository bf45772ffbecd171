import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../environments/schema';
import { Testing } from 'cdktf';
import { buildApp } from '../../stacks/app';
import { SourceStack } from '../../stacks/source-stack';
import { committed, only, synthesize, type TerraformJson } from './synthesized';

const demo = synthesize(committed('demo')).source;
const example = synthesize(committed('example')).source;

test('the provider works in one account and one Region only', () => {
  expect(demo.provider.aws).toEqual([
    {
      region: 'eu-west-1',
      allowed_account_ids: ['111111111111'],
      assume_role: [{ role_arn: 'arn:aws:iam::111111111111:role/aurora-sync', session_name: 'aurora-sync-demo' }],
      default_tags: [{ tags: { Project: 'aurora-cross-account-sync', Environment: 'demo' } }],
    },
  ]);
});

test('the production cluster is read, never managed', () => {
  expect(demo.resource).not.toHaveProperty('aws_rds_cluster');
  expect(demo.data['aws_rds_cluster']?.['production']).toMatchObject({ cluster_identifier: 'demo-production' });
});

test('parameters wait for a reboot that sql-runner asks consent for', () => {
  const group = only(demo, 'aws_rds_cluster_parameter_group');
  expect(group).toMatchObject({ name: 'acas-demo-source-pg17', family: 'aurora-postgresql17' });
  expect(group['parameter']).toContainEqual({
    name: 'rds.logical_replication',
    value: '1',
    apply_method: 'pending-reboot',
  });
  expect(
    (group['parameter'] as { apply_method: string }[]).every(({ apply_method }) => apply_method === 'pending-reboot'),
  ).toBe(true);
});

test('a dynamic parameter of production is applied at once, unless the file says otherwise', () => {
  const environment = committed('demo');
  const extraParameters = {
    work_mem: 8192,
    track_commit_timestamp: 1,
    statement_timeout: waits(60000),
    brand_new: 'x',
  };
  const cluster = { ...environment.source.cluster, extraParameters };
  const { source } = synthesize({ ...environment, source: { ...environment.source, cluster } });
  const group = only(source, 'aws_rds_cluster_parameter_group')['parameter'] as {
    name: string;
    apply_method: string;
  }[];
  expect(Object.fromEntries(group.map(({ name, apply_method }) => [name, apply_method]))).toMatchObject({
    work_mem: 'immediate',
    track_commit_timestamp: 'pending-reboot',
    statement_timeout: 'pending-reboot',
    brand_new: 'pending-reboot',
    max_wal_senders: 'pending-reboot',
  });
  expect(group).toContainEqual({ name: 'statement_timeout', value: '60000', apply_method: 'pending-reboot' });
  expect(warningsOf(environment)).toEqual([]);
  expect(warningsOf({ ...environment, source: { ...environment.source, cluster } })).toEqual([
    expect.stringMatching(/^PARAMETER_UNKNOWN: source\.cluster\.extraParameters\.brand_new is not known/),
  ]);
});

function waits(value: number): { value: number; applyMethod: 'pending-reboot' } {
  return { value, applyMethod: 'pending-reboot' };
}

/** What cdktf shows of both stacks at a synth. */
function warningsOf(environment: Environment): unknown[] {
  const outdir = mkdtempSync(join(tmpdir(), 'synth '));
  const nodes = buildApp([environment], outdir).node.findAll();
  rmSync(outdir, { recursive: true });
  return nodes.flatMap(({ node }) => node.metadata).flatMap(({ type, data }) => (type.includes('warn') ? [data] : []));
}

test('the cluster is shared with the target account, outside of the organisation only by invitation', () => {
  expect(only(demo, 'aws_ram_resource_share')).toMatchObject({ allow_external_principals: true });
  expect(only(example, 'aws_ram_resource_share')).toMatchObject({ allow_external_principals: false });
  expect(only(demo, 'aws_ram_principal_association')).toMatchObject({
    principal: '222222222222',
    resource_share_arn: '${aws_ram_resource_share.cluster_share.arn}',
  });
  expect(only(demo, 'aws_ram_resource_association')).toMatchObject({
    resource_arn: '${data.aws_rds_cluster.production.arn}',
  });
});

test('every route table leads to the target, and every security group lets it in on the port of the cluster', () => {
  expect(Object.values(example.resource['aws_route'] ?? {})).toMatchObject(
    ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'].map((id) => ({
      route_table_id: id,
      destination_cidr_block: '10.1.0.0/16',
    })),
  );
  expect(only(demo, 'aws_vpc_peering_connection')).toMatchObject({ peer_owner_id: '222222222222', auto_accept: false });
  const port = '${data.aws_rds_cluster.production.port}';
  expect(only(demo, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
    cidr_ipv4: '10.20.0.0/16',
    ip_protocol: 'tcp',
    from_port: port,
    to_port: port,
  });
});

test('the secret is made empty', () => {
  expect(only(demo, 'aws_secretsmanager_secret')).toMatchObject({
    name: 'acas/demo/replication',
    recovery_window_in_days: 0,
  });
  expect(demo.resource).not.toHaveProperty('aws_secretsmanager_secret_version');
});

function conditions(json: typeof demo): string[] {
  const { postcondition } = json.data['aws_rds_cluster']?.['production']?.['lifecycle'] as {
    postcondition: { condition: string }[];
  };
  return postcondition.map(({ condition }) => condition);
}

test('the cluster is checked against what the environment says of it', () => {
  expect(conditions(demo)).toEqual([
    '${self.engine == "aurora-postgresql"}',
    '${startswith(self.engine_version, "17.")}',
    '${!coalesce(self.storage_encrypted, false)}',
    '${length(self.master_user_secret) > 0}',
  ]);
  expect(conditions(example).slice(2)).toEqual([expect.stringContaining('key/1234abcd-12ab-34cd-56ef-1234567890ab')]);
});

test('the statements for the policy of the key are put out where there is a key', () => {
  expect(demo.output).not.toHaveProperty('kms_key_policy_statement');
  const statements = JSON.parse(String(example.output['kms_key_policy_statement']?.value)) as {
    Principal: unknown;
    Action: string[];
    Condition?: unknown;
  }[];
  expect(new Set(statements.map(({ Principal }) => JSON.stringify(Principal)))).toEqual(
    new Set(['{"AWS":"arn:aws:iam::210987654321:root"}']),
  );
  expect(statements[0]?.Action).toEqual(['kms:DescribeKey']);
  expect(statements[1]?.Action).toContain('kms:CreateGrant');
  expect(statements[1]?.Condition).toEqual({ StringLike: { 'kms:ViaService': 'rds.eu-central-1.amazonaws.com*' } });
  expect(statements[2]).toMatchObject({
    Action: ['kms:ListGrants', 'kms:RevokeGrant'],
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
});

test('the statements of two target accounts fit into one policy, in which a Sid stands once', () => {
  const environment = committed('example');
  const other = { ...environment, target: { ...environment.target, accountId: '333333333333' } };
  const statements = [environment, other].flatMap(
    (one) => JSON.parse(String(synthesize(one).source.output['kms_key_policy_statement']?.value)) as { Sid: string }[],
  );
  expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(6);
});

test('two environments on one cluster have groups of one size, in which both have room', () => {
  const demo = committed('demo');
  const databases = Array.from({ length: 8 }, (_, index) => ({ name: `db${index}`, tables: 'all' as const }));
  const other = { ...demo, name: 'other', databases };
  const apart = { ...demo, name: 'apart', region: 'eu-west-2', databases };
  const sizes = (environments: Environment[]) => {
    const outdir = mkdtempSync(join(tmpdir(), 'beside '));
    try {
      const groups = buildApp(environments, outdir)
        .node.findAll()
        .filter((node): node is SourceStack => node instanceof SourceStack)
        .map((stack) => only(JSON.parse(Testing.synth(stack)) as TerraformJson, 'aws_rds_cluster_parameter_group'));
      return groups.map(({ parameter }) => (parameter as { value: string }[]).map(({ value }) => value));
    } finally {
      rmSync(outdir, { recursive: true });
    }
  };
  expect(sizes([demo])).toEqual([['20', '25', '1']]);
  expect(sizes([demo, apart])[0]).toEqual(['20', '25', '1']);
  expect(sizes([demo, other])).toEqual([
    ['34', '39', '1'],
    ['34', '39', '1'],
  ]);
});
