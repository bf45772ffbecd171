import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { PROJECT } from '../../lab/demo/toolchain';
import { type Lab, startLab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { putTicket } from './support/ticket';

/**
 * What a pull request reviews is what runs: the committed JSON goes through the
 * real terraform and a provider that refuses wrong names and types. Only where
 * the state lies is changed, because the buckets of the example do not exist.
 */
interface StackJson {
  terraform: { backend: unknown };
  data?: { terraform_remote_state?: Record<string, { backend: string; config: unknown }> };
}

let lab: Lab;
let binary: string;

function stackFolder(stack: string, change: (json: StackJson) => void = () => undefined): string {
  const folder = join(lab.directory, 'committed', stack);
  mkdirSync(folder, { recursive: true });
  const json = JSON.parse(
    readFileSync(join(PROJECT, 'cdktf.out', 'stacks', stack, 'cdk.tf.json'), 'utf8'),
  ) as StackJson;
  json.terraform.backend = { local: { path: statePath(stack) } };
  const remote = json.data?.terraform_remote_state?.source;
  if (remote !== undefined)
    Object.assign(remote, { backend: 'local', config: { path: statePath(stack.replace('-target', '-source')) } });
  change(json);
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
  return folder;
}

function statePath(stack: string): string {
  return join(lab.directory, 'committed', `${stack}.tfstate`);
}

function terraform(folder: string, ...args: string[]): { status: number | null; output: string } {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...lab.env, TF_IN_AUTOMATION: '1' }).filter(([, value]) => value !== ''),
  );
  const { status, stdout, stderr } = spawnSync(binary, args, { cwd: folder, env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function expectSuccess(result: { status: number | null; output: string }, status = 0): void {
  expect({ status: result.status, output: result.status === status ? '' : result.output }).toEqual({
    status,
    output: '',
  });
}

describe.each(['demo', 'example'])('the committed stacks of %s', (name) => {
  beforeAll(async () => {
    ({ binary } = await ensureTerraform());
    lab = await startLab({
      environmentFile: environmentFile(name),
      name,
      home: join(tmpdir(), `aurora stacks ${process.pid}`),
    });
  });
  afterAll(() => lab.down());

  test('the source validates, applies and is stable', () => {
    const folder = stackFolder(`${name}-source`);
    expectSuccess(terraform(folder, 'init', '-input=false'));
    expectSuccess(terraform(folder, 'validate'));
    expectSuccess(terraform(folder, 'apply', '-auto-approve', '-input=false'));
    expectSuccess(terraform(folder, 'plan', '-detailed-exitcode', '-input=false'));
  });

  test('the target validates, and plans a clone once there is a ticket', async () => {
    const folder = stackFolder(`${name}-target`);
    expectSuccess(terraform(folder, 'init', '-input=false'));
    expectSuccess(terraform(folder, 'validate'));
    const without = terraform(folder, 'plan', '-detailed-exitcode', '-input=false');
    expectSuccess(without, 2);
    expect(without.output).toContain(`Run: sql-runner apply ${name}, then cdktf deploy ${name}-target again.`);
    expect(without.output).not.toContain('aws_rds_cluster.clone_cluster');
    await putTicket(lab, loadEnvironment(environmentFile(name)));
    const planned = terraform(folder, 'plan', '-detailed-exitcode', '-input=false');
    expectSuccess(planned, 2);
    expect(planned.output).toMatch(/aws_rds_cluster\.clone_cluster\[0\]\S* will be created/);
  });

  test('a wrong name or a wrong type in it would be refused', () => {
    for (const parameter of [{ identifierr: 'x' }, { port: 'many' }]) {
      const folder = stackFolder(`${name}-target`, (json) => {
        const { resource } = json as unknown as { resource: { aws_rds_cluster: { clone_cluster: object } } };
        Object.assign(resource.aws_rds_cluster.clone_cluster, parameter);
      });
      expect(terraform(folder, 'validate').status).toBe(1);
    }
  });
});
