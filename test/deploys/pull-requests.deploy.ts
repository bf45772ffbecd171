import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { loadEnvironment } from '../../environments/loader';
import { PROJECT, Toolchain } from '../../lab/demo/toolchain';
import { connectBy } from '../../lab/connections';
import { type Lab, startLab } from '../../lab/lab';
import { seedWorkload } from '../../lab/workload/seed';
import { MARK } from '../../pull-requests/comment';
import { HttpReceiver } from '../support/http-receiver';
import { pathWithout } from '../support/path-without';
import { putTicket } from '../e2e/support/ticket';

/** The steps of the workflow, as GitHub would run them, on stacks that are deployed in a lab. */
interface Step {
  readonly run?: string;
  readonly env?: Record<string, string>;
}
interface Workflow {
  readonly jobs: Record<string, { readonly steps: readonly Step[] }>;
}

const DEMO = join(PROJECT, 'environments', 'demo.yaml');
const PEERING = 'aws_vpc_peering_connection.peering';
const workflow = parse(readFileSync(join(PROJECT, '.github', 'workflows', 'pull-request.yml'), 'utf8')) as Workflow;
// It needs a registry.
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps.filter(({ run }) => run && run !== 'npm ci'));

let lab: Lab;
let tools: Toolchain;
let api: HttpReceiver;

beforeAll(async () => {
  lab = await startLab({
    environmentFile: DEMO,
    name: 'pulls',
    home: join(tmpdir(), `aurora pulls ${process.pid}`),
  });
  tools = new Toolchain(join(lab.directory, 'tools'), DEMO, lab.env);
  api = await HttpReceiver.listening([200, '[]']);
  await seedWorkload(
    connectBy((database) => lab.sourceConnection(database)),
    { rows: 5000 },
  );
  expect((await tools.cdktf('deploy', 'demo-source')).exitCode).toBe(0);
});
afterAll(async () => {
  await api?.close();
  await lab?.down();
});

function run(command: string, more: Record<string, string> = {}, cwd = PROJECT) {
  const env = Object.fromEntries(
    Object.entries({
      ...process.env,
      ...lab.env,
      ENVIRONMENTS_DIR: tools.environments,
      RUNNER_TEMP: lab.directory,
      GITHUB_API_URL: api.url,
      GITHUB_REPOSITORY: 'example/sync',
      TERRAFORM_LOCK_PLATFORMS: `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`,
      ...more,
    }).filter(([, value]) => value !== ''),
  );
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', command], { cwd, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** What GitHub puts in the place of its expressions. */
const VALUES: Record<string, string> = {
  'github.event.pull_request.head.sha': '0123456789abcdef',
  'github.event.pull_request.number': '7',
  'github.token': 'token',
  'vars.PLANNED_ENVIRONMENTS': 'demo',
  'vars.PLAN_SOURCE_ROLE_ARN': '',
  'vars.PLAN_TARGET_ROLE_ARN': '',
  'vars.PLAN_SOURCE_EXTERNAL_ID': '',
  'vars.PLAN_TARGET_EXTERNAL_ID': '',
};
const given = (text: string): string =>
  text.replaceAll(/\$\{\{ ([\w.]+) \}\}/g, (_whole, name: string) => VALUES[name] ?? `no value of ${name}`);

const folder = (stack: string): string => join(tools.stacks, stack);
const plan = async (more: Record<string, string> = {}) => {
  const { code, output } = await run('npm run -s stacks:plan -- demo --out "$RUNNER_TEMP/plans.md"', more);
  return { code, output, text: readFileSync(join(lab.directory, 'plans.md'), 'utf8') };
};

test('every step that needs no registry runs, and the plans are on the pull request', async () => {
  for (const { run: command, env = {} } of steps) {
    const more = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, given(value)]));
    expect({ command, ...(await run(given(command!), more)) }).toMatchObject({ command, code: 0 });
  }
  const { body } = JSON.parse(api.got.at(-1)!.body) as { body: string };
  expect(body.startsWith(MARK)).toBe(true);
  expect(body).toContain('| demo-source | no changes |');
  // Its state is nowhere yet: planned against nothing, all of it would be "to add".
  expect(body).toContain('| demo-target | waiting |');
  expect(body).toMatch(/<summary>Cost<\/summary>(.|\n)*demo-target/);
});

test('what a person puts beside the JSON survives a synth, is planned, and is no secret told', async () => {
  const source = folder('demo-source');
  const moved = await run(`terraform state mv ${PEERING} aws_vpc_peering_connection.former`, {}, source);
  expect(moved).toMatchObject({ code: 0 });
  writeFileSync(
    join(source, 'beside.tf'),
    `moved {\n  from = aws_vpc_peering_connection.former\n  to = ${PEERING}\n}\n` +
      'import {\n  to = terraform_data.taken\n  id = "taken-over"\n}\n' +
      'resource "terraform_data" "taken" {\n  input = sensitive("hunter2")\n}\n',
  );
  writeFileSync(
    join(source, 'name_override.tf'),
    'resource "aws_vpc_peering_connection" "peering" {\n  tags = {\n    Name = "mine"\n  }\n}\n',
  );
  expect(await run('npm run -s synth -- --output "$CDKTF_OUTPUT"')).toMatchObject({ code: 0 });
  expect(await run('npm run -s stacks:fresh')).toMatchObject({ code: 0 });
  const { code, output, text } = await plan();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(text).toContain(`~ ${PEERING} (was aws_vpc_peering_connection.former)`);
  expect(text).toContain('tags.Name: "acas-demo-peering" -> "mine"');
  expect(text).toContain('terraform_data.taken (taken over from AWS)');
  expect(output + text).not.toContain('hunter2');
});

test('stale JSON is refused, with the command', async () => {
  const file = join(folder('demo-target'), 'cdk.tf.json');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('demo-clone', 'other-clone'));
  const { code, output } = await run('npm run -s stacks:fresh');
  writeFileSync(file, before);
  expect(code).toBe(1);
  expect(output).toMatch(/STACKS_STALE(.|\n)*stale or missing of demo-target(.|\n)*Run: npm run synth/);
});

test('a target is planned without its clone, and with it once there is a ticket; with OpenTofu as well', async () => {
  mkdirSync(tools.states, { recursive: true });
  const state = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'x', outputs: {}, resources: [] };
  writeFileSync(join(tools.states, 'demo-target.tfstate'), JSON.stringify(state));
  const early = await plan();
  expect({ code: early.code, output: early.output }).toMatchObject({ code: 0 });
  expect(early.text).toContain('+ aws_vpc_peering_connection_accepter.peering');
  expect(early.text).not.toContain('aws_rds_cluster.clone_cluster');

  await putTicket(lab, loadEnvironment(DEMO));
  const bin = join(lab.directory, 'bin');
  mkdirSync(bin);
  const found = await run('command -v "${TERRAFORM_BINARY_NAME:-terraform}"');
  symlinkSync(found.output.trim(), join(bin, 'tofu'));
  // Nothing is called terraform any more.
  const tofu = { TERRAFORM_BINARY_NAME: 'tofu', PATH: `${bin}${delimiter}${pathWithout('terraform', lab.directory)}` };
  expect((await run('command -v terraform', tofu)).code).not.toBe(0);
  const planned = await plan(tofu);
  expect({ code: planned.code, output: planned.output }).toMatchObject({ code: 0 });
  expect(planned.text).toMatch(/\| demo-target \| changes \| \d+ \| 0 \| 0 \| 0 \| 0 \|/);
  expect(planned.text).toContain('+ aws_rds_cluster.clone_cluster[0]');
  const read = await run('npm run -s sql-runner -- plan demo', tofu);
  expect(read.output).toMatch(/Plan: \d+/);
});

test('the role of plans takes the place of the one that deploys', async () => {
  // One of another account, which the provider may not work in: if it were not taken, the plan would succeed.
  const { code, output } = await plan({ PLAN_SOURCE_ROLE_ARN: 'arn:aws:iam::222222222222:role/plan' });
  expect(code).toBe(1);
  expect(output).toMatch(/failed: demo-source(.|\n)*STACK_PLAN_FAILED(.|\n)*222222222222/);
  expect(await plan()).toMatchObject({ code: 0 });
});

test('a lock file is written, must be complete, and what the provider refuses is told', async () => {
  expect(await run('npm run -s stacks:lock -- demo')).toMatchObject({ code: 0 });
  expect(await run('npm run -s stacks:validate')).toMatchObject({
    code: 0,
    output: expect.not.stringContaining('note'),
  });
  const incomplete = await run('npm run -s stacks:validate', { TERRAFORM_LOCK_PLATFORMS: 'linux_amd64,darwin_arm64' });
  expect(incomplete).toMatchObject({ code: 1, output: expect.stringContaining('LOCK_FILE_INCOMPLETE') });
  writeFileSync(join(folder('demo-target'), 'wrong.tf'), 'resource "aws_route" "wrong" {\n  nonsense = 1\n}\n');
  const invalid = await run('npm run -s stacks:validate');
  expect(invalid).toMatchObject({ code: 1, output: expect.stringMatching(/STACK_INVALID(.|\n)*nonsense/) });
});
