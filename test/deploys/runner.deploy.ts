import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { EXIT_CODES } from '../../errors/exit-codes';
import { startLab, type Lab } from '../../lab/lab';
import { freePort } from '../../lab/postgres/free-port';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import { CONTRACT_BYTES } from '../../stacks/constructs/runner/outputs';
import { approved } from '../support/approved';
import { eventually } from '../support/eventually';
import { startRecorder, type AwsRecorder } from '../e2e/support/aws-recorder';
import { ContainerRuns, type TaskDefinition } from '../e2e/support/container-runs';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** sql-runner in the VPC: deployed by the real terraform, and what its tasks say carried out by real processes. */

const stage = stagesInOrder();
const FILE = join(__dirname, '../stacks/modes/runner.yaml');
const environment = loadEnvironment(FILE);
const TARGET = environment.target.accountId;
let lab: Lab;
let deploys: StackDeploys;
let recorder: AwsRecorder;
let containers: ContainerRuns;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'runner', home: join(tmpdir(), `aurora runner ${process.pid}`) });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
  recorder = await startRecorder(process.env.AWS_ENDPOINT_URL!);
  containers = new ContainerRuns(lab, recorder.url);
});
afterAll(async () => {
  await recorder?.close();
  await lab?.down();
});

interface Shown {
  readonly values: {
    readonly root_module: { readonly resources: readonly { type: string; values: Record<string, unknown> }[] };
  };
}

function held<T>(type: string): T[] {
  const { status, output } = deploys.terraform(environment, 'target', 'show', '-json');
  if (status !== 0) throw new Error(output);
  const { resources } = (JSON.parse(output) as Shown).values.root_module;
  return resources.filter((one) => one.type === type).map(({ values }) => values as T);
}

function task(job: string): TaskDefinition {
  const family = `acas-runner-runner-${job}`;
  const found = held<TaskDefinition>('aws_ecs_task_definition').find((one) => one.family === family);
  if (found === undefined) throw new Error(`no task definition ${family}`);
  return found;
}

const withRunner = (change: Partial<NonNullable<Environment['target']['runner']>>): Environment => ({
  ...environment,
  target: { ...environment.target, runner: { ...environment.target.runner!, ...change } },
});
const apply = async () => run(openConnections, deploys.contracts(environment), approved('apply'));

stage('one deploy of each side, and nothing is left to do', async () => {
  deploys.deploy(environment, 'source');
  await apply();
  deploys.write(environment);
  const validated = deploys.terraform(environment, 'target', 'validate');
  expect({ ...validated, output: validated.status === 0 ? '' : validated.output }).toEqual({ status: 0, output: '' });
  deploys.deploy(environment, 'target');
  expect([deploys.left(environment, 'source'), deploys.left(environment, 'target')]).toEqual(['', '']);
});

stage('the scheduled status ends with its code: nothing is connected yet', async () => {
  const { exitCode, output } = await containers.toItsEnd(task('status'));
  expect([exitCode, output]).toEqual([EXIT_CODES.notInSync.code, expect.stringContaining('shop')]);
});

stage('once connected, status and verify end with 0', async () => {
  await apply();
  for (const job of ['status', 'verify']) {
    const { exitCode, output } = await eventually(async () => {
      const ended = await containers.toItsEnd(task(job));
      return job === 'verify' || ended.exitCode === 0 ? ended : undefined;
    }, 60_000);
    expect({ job, exitCode, output }).toMatchObject({ exitCode: 0 });
  }
});

stage('the service is healthy by its own check, publishes the heartbeat, and ends with the signal of ECS', async () => {
  const port = String(await freePort());
  // The port of the image may be in use on this machine.
  const serve = task('serve');
  const here = { ...serve, container_definitions: serve.container_definitions.replaceAll('9187', port) };
  expect(await containers.healthy(here)).toBe(false);
  const calls: string[] = [];
  const { exitCode, output } = await containers.stoppedAfter(here, async () => {
    await eventually(() => containers.healthy(here), 60_000);
    await eventually(() => {
      calls.push(...recorder.take());
      return Promise.resolve(calls.includes(`${TARGET} cloudwatch:PutMetricData`));
    }, 60_000);
  });
  expect({ exitCode, output }).toMatchObject({ exitCode: EXIT_CODES.terminated.code });
  seen.push(...calls);
});

/** All that the containers called, of which the last stage judges. */
const seen: string[] = [];

stage('all that they call in their account, the role of the task allows, and nothing else', async () => {
  for (const job of ['status', 'verify']) await containers.toItsEnd(task(job));
  seen.push(...recorder.take());
  const called = new Set(
    seen.filter((call) => call.startsWith(`${TARGET} `)).map((call) => call.slice(TARGET.length + 1)),
  );
  const policies = held<{ readonly role: string; readonly policy: string }>('aws_iam_role_policy');
  const { policy } = policies.find(({ role }) => role === task('serve').task_role_arn.split('/').at(-1))!;
  const { Statement } = JSON.parse(policy) as { Statement: { Action: string | string[] }[] };
  const allowed = Statement.flatMap(({ Action }) => Action);
  // Who one is, anybody may ask (STS API reference, GetCallerIdentity).
  expect([...called].filter((call) => !allowed.includes(call) && call !== 'sts:GetCallerIdentity')).toEqual([]);
  expect([...called]).toEqual(
    expect.arrayContaining(['secretsmanager:GetSecretValue', 'ssm:GetParameter', 'sts:AssumeRole']),
  );
});

stage('another image is another revision, which the service and the schedules run', () => {
  const next = withRunner({ image: 'registry.example.com/sql-runner:2.0.0' });
  deploys.deploy(next, 'target');
  expect(deploys.left(next, 'target')).toBe('');
  const [service] = held<{ readonly task_definition: string }>('aws_ecs_service');
  expect(service!.task_definition).toMatch(/task-definition\/acas-runner-runner-serve:2$/);
  expect(task('status').container_definitions).toContain('registry.example.com/sql-runner:2.0.0');
});

stage('more than a task definition can hold is refused in a plan, and goes without the setting as it says', () => {
  const tables = Array.from({ length: 2000 }, (_, index) => ({ schema: 'public', name: `täble_${index}` }));
  const wide = { ...environment, databases: [{ name: 'shop', tables: tables.map((one) => `public."${one.name}"`) }] };
  const parsed = wide as unknown as Environment;
  deploys.deploy(parsed, 'source');
  const { status, output } = deploys.terraform(parsed, 'target', 'plan', '-input=false');
  expect({ status, output }).toMatchObject({ status: 1, output: expect.stringContaining('holds 64 KiB') as string });
  expect(output).toContain(`${CONTRACT_BYTES} are left for it`);
  const { runner: _, ...target } = parsed.target;
  deploys.write({ ...parsed, target });
  expect(deploys.terraform(parsed, 'target', 'plan', '-input=false')).toMatchObject({ status: 0 });
  deploys.deploy(environment, 'source');
});

stage('without the setting all of it is gone, and the clone stays', () => {
  const { runner: _, ...target } = environment.target;
  const without = { ...environment, target };
  deploys.deploy(without, 'target');
  expect(deploys.held(without, 'target').filter((address) => /runner/.test(address))).toEqual([]);
  expect(deploys.held(without, 'target')).toContain('aws_rds_cluster.clone_cluster[0]');
  expect(deploys.left(without, 'target')).toBe('');
});
