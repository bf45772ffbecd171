import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as kms from '@aws-sdk/client-kms';
import * as rds from '@aws-sdk/client-rds';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import { lengthOf, LONGEST_POLICY } from '../../iam/policy/pack';
import { blocksOf, TYPES } from '../../iam/policy/terraform/stack';
import { allows, OPERATORS } from './allows';
import { documentsOf, ENVIRONMENTS, made } from './environments';

const ALL = ENVIRONMENTS.map(made);
const EVERY = ALL.flatMap(({ environment, policies }) =>
  policies.map((policy) => [`${environment.name} ${policy.name}`, policy.document] as const),
);
const of = (name: string) => ALL.find(({ environment }) => environment.name === name)!;

/** What may be done on everything: actions that know no resources, and one that is held to a condition. */
const ON_ANYTHING =
  /^(ec2:Describe\w+|ram:(Get|List)\w+|ram:CreateResourceShare|rds:DescribeGlobalClusters|rds:DescribeBlueGreenDeployments|cloudwatch:PutMetricData|ecs:(CreateCluster|DescribeTaskDefinition|DeregisterTaskDefinition))$/;
const ARN = /^arn:aws:[a-z0-9-]+:([a-z]{2}(-[a-z]+)+-\d)?:(\d{12}|\*|aws)?:\S+$/;

test.each(EVERY)('%s is a policy that IAM takes', (_name, document) => {
  expect(lengthOf(document)).toBeLessThanOrEqual(LONGEST_POLICY);
  expect(Object.keys(document)).toEqual(['Version', 'Statement']);
  expect(document.Version).toBe('2012-10-17');
  const sids = document.Statement.map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  for (const { Sid, Effect, Action, Resource, Condition = {}, ...rest } of document.Statement) {
    expect(rest).toEqual({});
    expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(Effect).toBe('Allow');
    expect(Action.filter((action) => !/^[a-z0-9]+:[A-Z][A-Za-z]+\*?$/.test(action))).toEqual([]);
    expect(Resource.filter((resource) => resource !== '*' && !ARN.test(resource))).toEqual([]);
    expect([...Action, ...Resource].filter((text) => text.includes('$') || text.includes('undefined'))).toEqual([]);
    if (Resource.includes('*')) expect(Action.filter((action) => !ON_ANYTHING.test(action))).toEqual([]);
    expect(Object.keys(Condition).filter((operator) => !(operator in OPERATORS))).toEqual([]);
    for (const tests of Object.values(Condition))
      for (const [key, values] of Object.entries(tests)) {
        expect(key).toMatch(/^[a-z0-9]+:[A-Za-z/]+$/);
        expect([values].flat().filter((value) => value === '' || value.includes('$'))).toEqual([]);
      }
  }
});

test('every action is an operation of its service, where its client is at hand', () => {
  const clients: Readonly<Record<string, object>> = { cloudwatch, ec2, kms, rds, secretsmanager, sns, ssm };
  const actions = new Set(EVERY.flatMap(([, { Statement }]) => Statement.flatMap(({ Action }) => Action)));
  const unknown = [...actions].filter((action) => {
    const [service = '', name = ''] = action.split(':');
    const commands = Object.keys(clients[service] ?? {}).filter((key) => key.endsWith('Command'));
    // A permission that the API does not call by its name: KMS has one for each end of a re-encryption.
    return commands.length > 0 && !commands.some((command) => command.startsWith(name.replace('*', '')));
  });
  expect(unknown).toEqual([]);
});

test('every type of the stacks has its calls, and no type is left over', () => {
  const inUse = new Set(
    ALL.flatMap(({ stacks }) => Object.values(stacks).flatMap((json) => blocksOf(json).map(({ type }) => type))),
  );
  expect(Object.keys(TYPES).sort()).toEqual([...inUse].sort());
});

test('an action that no command and no type calls is in no policy', () => {
  for (const { policies } of ALL) {
    const actionsOf = (pattern: RegExp) =>
      policies
        .filter(({ name }) => pattern.test(name))
        .flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action));
    // What a plan may do, an apply may; what one command may do, the whole of sql-runner may.
    const whole = new Set(actionsOf(/^terraform-(source|target)/));
    expect(actionsOf(/^terraform-plan/).filter((action) => !whole.has(action))).toEqual([]);
    const all = new Set(actionsOf(/^sql-runner-all/));
    const single = actionsOf(/^sql-runner-(?!all|serve-cloudwatch)/);
    expect([...new Set(single)].sort()).toEqual([...all].sort());
    expect(
      [...whole, ...all].filter((action) => /:\*$|^iam:(Create|Attach|Put)(User|Policy|Group)/.test(action)),
    ).toEqual([]);
  }
});

const rdsOf = (account: string, resource: string) => `arn:aws:rds:eu-west-1:${account}:${resource}`;

test('the policy of the target deletes the clone, and no other cluster, instance or group', () => {
  const documents = documentsOf(of('demo').policies, 'terraform-target');
  const may = (action: string, resource: string) =>
    allows(documents, { action, resource: rdsOf('222222222222', resource) });
  expect(may('rds:DeleteDBCluster', 'cluster:demo-clone')).toBe(true);
  expect(may('rds:DeleteDBInstance', 'db:demo-clone-15')).toBe(true);
  expect(may('rds:DeleteDBCluster', 'cluster:demo-clone-2')).toBe(false);
  expect(may('rds:DeleteDBCluster', 'cluster:other')).toBe(false);
  expect(may('rds:ModifyDBCluster', 'cluster:other')).toBe(false);
  expect(may('rds:DeleteDBInstance', 'db:demo-clone-of-another-1')).toBe(false);
  expect(may('rds:DeleteDBClusterParameterGroup', 'cluster-pg:default.aurora-postgresql17')).toBe(false);
  // Production is cloned, and nothing else is done to it from there.
  const production = { resource: rdsOf('111111111111', 'cluster:demo-production') };
  expect(allows(documents, { action: 'rds:RestoreDBClusterToPointInTime', ...production })).toBe(true);
  expect(allows(documents, { action: 'rds:ModifyDBCluster', ...production })).toBe(false);
});

test('nothing of the source’s policies modifies, deletes or restarts production, but sql-runner that attaches the group', () => {
  const { policies } = of('demo');
  const may = (name: string, action: string, resource: string) =>
    allows(documentsOf(policies, name), { action, resource: rdsOf('111111111111', resource) });
  for (const action of ['rds:ModifyDBCluster', 'rds:DeleteDBCluster', 'rds:RebootDBInstance'])
    for (const resource of ['cluster:demo-production', 'db:demo-production-1']) {
      expect(may('terraform-source', action, resource)).toBe(false);
      expect(may('sql-runner-read-source', action, resource)).toBe(false);
    }
  expect(may('sql-runner-apply-source', 'rds:ModifyDBCluster', 'cluster:demo-production')).toBe(true);
  expect(may('sql-runner-apply-source', 'rds:ModifyDBCluster', 'cluster:other')).toBe(false);
  expect(may('sql-runner-apply-source', 'rds:RebootDBInstance', 'db:other-1')).toBe(false);
});

test('an adopted cluster is neither made nor deleted; one of our own is made, and kept', () => {
  const may = (name: string, action: string, cluster: string) =>
    allows(documentsOf(of(name).policies, 'terraform-source'), {
      action,
      resource: rdsOf('111111111111', `cluster:${cluster}`),
    });
  expect(may('adopt', 'rds:ModifyDBCluster', 'shop-production')).toBe(true);
  expect(may('adopt', 'rds:CreateDBCluster', 'shop-production')).toBe(false);
  expect(may('adopt', 'rds:DeleteDBCluster', 'shop-production')).toBe(false);
  expect(may('create', 'rds:CreateDBCluster', 'new-production')).toBe(true);
  expect(may('create', 'rds:DeleteDBCluster', 'new-production')).toBe(false);
});

test('the key of Secrets Manager may be described, by its alias or as the environment names it', () => {
  const context = { 'kms:ResourceAliases': 'alias/aws/secretsmanager' };
  const target = documentsOf(of('demo').policies, 'terraform-target');
  const key = { action: 'kms:DescribeKey', resource: 'arn:aws:kms:eu-west-1:222222222222:key/of-aws' };
  expect(allows(target, { ...key, context })).toBe(true);
  expect(allows(target, { ...key, context: { 'kms:ResourceAliases': 'alias/other' } })).toBe(false);
  const given = of('create').environment.source.cluster.create!.masterUser!.secretKeyArn!;
  const source = documentsOf(of('create').policies, 'terraform-source');
  expect(allows(source, { action: 'kms:DescribeKey', resource: given })).toBe(true);
});

test('the target leaves the share of its environment, and where RAM passes the name no other one', () => {
  const documents = documentsOf(of('demo').policies, 'terraform-target');
  const may = (account: string, context: Record<string, string>) => {
    const resource = `arn:aws:ram:eu-west-1:${account}:resource-share/0123`;
    return allows(documents, { action: 'ram:DisassociateResourceShare', resource, context });
  };
  const share = { 'ram:ResourceShareName': String(blocksOf(of('demo').stacks.source).find(isShare)!.block.name) };
  expect([may('111111111111', {}), may('111111111111', share)]).toEqual([true, true]);
  expect(may('111111111111', { 'ram:ResourceShareName': 'network' })).toBe(false);
  expect(may('333333333333', share)).toBe(false);
});
const isShare = ({ type }: { type: string }) => type === 'aws_ram_resource_share';

test('sql-runner may attach a group where it does, and nowhere else', () => {
  const ENDS = ['apply', 'reset', 'teardown'];
  const may = (name: string) =>
    ENDS.filter((command) =>
      documentsOf(of(name).policies, `sql-runner-${command}-source`).some(({ Statement }) =>
        Statement.some(({ Action }) => Action.includes('rds:ModifyDBCluster')),
      ),
    );
  expect(may('demo')).toEqual(ENDS);
  // A teardown leaves the group that the stack has made the cluster with.
  expect(may('create')).toEqual(['apply', 'reset']);
  expect(may('owned')).toEqual([]);
});
