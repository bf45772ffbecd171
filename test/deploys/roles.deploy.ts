import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../contract/contract';
import { stackNames } from '../../contract/naming';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { policiesOf } from '../../iam/policy/policies';
import { RUNNER_CALLS } from '../../iam/policy/runner/calls';
import { connectBy } from '../../lab/connections';
import { startChild } from '../../lab/demo/child';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makePlan, run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import type { PlanMode } from '../../sql-runner/model/plan';
import { allows } from '../iam/allows';
import { documentsOf, made } from '../iam/environments';
import { approved } from '../support/approved';
import { startRecorder, type AwsRecorder } from '../e2e/support/aws-recorder';
import { refusalOf } from '../e2e/support/direct-lab';
import { stagesInOrder } from '../e2e/support/in-order';
import { requestsOf } from '../e2e/support/provider-requests';
import { execute } from '../e2e/support/provocations';
import type { RecordedCall, RecordedOperation } from '../e2e/support/recorded-call';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** Roles that are apart and ask for an external id, with the real terraform; and the policies that each of them needs. */

const stage = stagesInOrder();
const FILE = join(__dirname, '..', 'e2e', 'environments', 'guarded.yaml');
const environment = loadEnvironment(FILE);
let lab: Lab;
let binary: string;
let deploys: StackDeploys;
let recorder: AwsRecorder;
const calls: RecordedCall[] = [];
const operations: RecordedOperation[] = [];

beforeAll(async () => {
  ({ binary } = await ensureTerraform());
  lab = await startLab({ environmentFile: FILE, name: 'guarded', home: join(tmpdir(), `acas guarded ${process.pid}`) });
  useLab(lab);
  const shop = await connectBy((database) => lab.sourceConnection(database))('shop');
  await execute(shop, ['CREATE TABLE orders (id bigint PRIMARY KEY)', 'INSERT INTO orders VALUES (1)']);
  deploys = new StackDeploys(lab, binary);
  recorder = await startRecorder(lab.env.AWS_ENDPOINT_URL!);
  process.env.AWS_ENDPOINT_URL = recorder.url;
});
afterAll(async () => {
  await recorder?.close();
  await lab?.down();
});

/** Beside this process, which the recorder is in. */
async function terraform(from: Environment, side: Side, ...args: string[]) {
  deploys.write(from);
  const cwd = join(lab.directory, 'deploys', 'cdktf.out', 'stacks', stackNames(from.name)[side]);
  const variables = {
    ...process.env,
    ...lab.env,
    AWS_ENDPOINT_URL: recorder.url,
    TF_IN_AUTOMATION: '1',
    TF_CLI_ARGS: '',
  };
  const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const log = join(lab.directory, 'terraform.log');
  const call = (...words: string[]) =>
    startChild({ argv: [binary, ...words, '-input=false', '-no-color'], cwd, env, log }).result;
  expect(await call('init')).toMatchObject({ exitCode: 0 });
  const { exitCode, stdout, stderr } = await call(...args);
  keep();
  return { exitCode, text: stdout + stderr.replace(/\s*\n│?\s*/g, ' ') };
}

function keep(): void {
  calls.push(...recorder.takeCalls());
  operations.push(...recorder.takeOperations());
}

async function done(from: Environment, side: Side, ...args: string[]): Promise<void> {
  expect(await terraform(from, side, ...args)).toMatchObject({ exitCode: 0 });
}

async function sqlRunner(mode: PlanMode): Promise<void> {
  await run(openConnections, deploys.contracts(environment), approved(mode));
  keep();
}

const withId = (externalId: string | undefined): Environment => ({
  ...environment,
  source: { ...environment.source, externalId },
});

stage('Terraform is refused the role with another external id, and without one', async () => {
  for (const externalId of ['another', undefined]) {
    const { exitCode, text } = await terraform(withId(externalId), 'source', 'plan');
    expect(exitCode).toBe(1);
    expect(text).toContain('Cannot assume IAM Role');
    expect(text).toMatch(/role\/platform\/deploy\) cannot be assumed(.|\n)*StatusCode: 403, api error AccessDenied/);
  }
  expect(operations).toEqual([]);
  await done(environment, 'source', 'apply', '-auto-approve');
});

stage('sql-runner is refused its own role likewise, and works as that role', async () => {
  const contracts = deploys.contracts(environment);
  expect(contracts.source.account).toEqual({
    accountId: '111111111111',
    roleArn: 'arn:aws:iam::111111111111:role/platform/runner',
    terraformRoleArn: 'arn:aws:iam::111111111111:role/platform/deploy',
    externalId: 'guarded-source',
  });
  const { externalId: _, ...without } = contracts.source.account;
  for (const account of [without, { ...without, externalId: 'another' }]) {
    const wrong = { ...contracts, source: { ...contracts.source, account } };
    expect(await refusalOf(makePlan(openConnections, wrong, 'apply'))).toBe('AWS_ACCESS_DENIED');
  }
  calls.length = 0;
  recorder.takeCalls();
  await sqlRunner('apply');
  const roles = calls
    .filter(({ action }) => !action.startsWith('sts:'))
    .map(({ account, role }) => `${account} ${role}`);
  expect([...new Set(roles)].sort()).toEqual(['111111111111 platform/runner', '222222222222 platform/runner']);
});

stage('all of it is deployed, changed and taken away again', async () => {
  await done(environment, 'target', 'apply', '-auto-approve');
  await done(environment, 'target', 'plan', '-detailed-exitcode');
  const retagged = {
    ...environment,
    source: { ...environment.source, tags: { Team: 'data' } },
    target: { ...environment.target, tags: { Team: 'data' } },
  };
  for (const side of ['source', 'target'] as const) await done(retagged, side, 'apply', '-auto-approve');
  await sqlRunner('apply');
  await sqlRunner('teardown');
  for (const side of ['target', 'source'] as const) await done(environment, side, 'destroy', '-auto-approve');
  const seen = new Set(operations.map(({ operation }) => operation));
  expect([...seen].sort()).toEqual(['create', 'data', 'delete', 'read', 'update']);
});

/** What was asked of AWS on one side, and whether it changes anything. */
function asked(side: Side) {
  const { stacks } = made(environment);
  const mine = operations.filter(({ account }) => account === environment[side].accountId);
  const types = new Set(mine.map(({ type }) => type));
  const missing = Object.keys(stacks[side].resource!).filter((type) => type.startsWith('aws_') && !types.has(type));
  expect(missing).toEqual([]);
  return mine.flatMap((operation) => {
    const reads = ['read', 'data'].includes(operation.operation);
    return requestsOf(operation, environment, side, stacks[side]).map((request) => ({ reads, request }));
  });
}

stage(
  'the policies of Terraform allow each operation on what was really made, and those of plans what it reads',
  () => {
    const { policies } = made(environment);
    for (const side of ['source', 'target'] as const) {
      const all = asked(side);
      const denied = (name: string, some: typeof all) =>
        some.filter(({ request }) => !allows(documentsOf(policies, name), request));
      expect(new Set(all.map(({ request }) => request.action)).size).toBeGreaterThan(40);
      expect(denied(`terraform-${side}`, all)).toEqual([]);
      expect(
        denied(
          `terraform-plan-${side}`,
          all.filter(({ reads }) => reads),
        ),
      ).toEqual([]);
    }
  },
);

/** Objects that belong to the accounts, and not to one environment. */
const SHARED =
  /:(route-table|security-group-rule|vpc-peering-connection)\/|:resource-share|:key\/|\/sg-0a1111111111111c1$/;

stage('the policies of another environment in the same accounts allow none of the changes', () => {
  const { source, target } = environment;
  const { policies } = made({
    ...environment,
    name: 'other',
    source: { ...source, cluster: { ...source.cluster, identifier: 'other-production' } },
    target: { ...target, clone: { ...target.clone, identifier: 'other-clone' } },
  });
  for (const side of ['source', 'target'] as const) {
    const changes = asked(side).filter(
      ({ reads, request }) => !reads && !/:(Describe|List|Get)/.test(request.action) && !SHARED.test(request.resource),
    );
    expect(changes.length).toBeGreaterThan(20);
    const allowed = changes.filter(({ request }) => allows(documentsOf(policies, `terraform-${side}`), request));
    expect(allowed.map(({ request }) => [request.action, request.resource])).toEqual([]);
  }
});

stage('the policy of sql-runner allows each call on what it was on, and the reading one does not', () => {
  const policies = policiesOf(environment, { source: {}, target: {} });
  const tabled = new Set(RUNNER_CALLS.flatMap(({ source, target }) => [...source, ...target]));
  for (const side of ['source', 'target'] as const) {
    const requests = calls
      .filter(({ account, action }) => account === environment[side].accountId && tabled.has(action))
      .flatMap(({ action, resources, context }) => resources.map((resource) => ({ action, resource, context })));
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.filter((request) => !allows(documentsOf(policies, `sql-runner-all-${side}`), request))).toEqual([]);
    const refused = requests.filter((request) => !allows(documentsOf(policies, `sql-runner-read-${side}`), request));
    expect(new Set(refused.map(({ action }) => action)).size).toBeGreaterThan(1);
  }
});
