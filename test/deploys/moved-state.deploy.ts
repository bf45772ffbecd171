import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { loadEnvironments } from '../../environments/loader';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { buildApp } from '../../stacks/app';

/** A backend that is changed while something is deployed: the real terraform and git, and what is printed moves the states. */

const PROJECT = join(__dirname, '../..');
const STACKS = ['demo-source', 'demo-target'];
let directory: string;
let stacks: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'moved '));
  stacks = join(directory, 'cdktf.out/stacks');
  mkdirSync(join(directory, 'bin'));
  const { binary } = await ensureTerraform();
  const found = execFileSync('bash', ['-c', 'command -v -- "$0"', binary], { encoding: 'utf8' });
  symlinkSync(found.trim(), join(directory, 'bin/terraform'));
  env = {
    ...process.env,
    PATH: `${join(directory, 'bin')}${delimiter}${process.env['PATH']}`,
    TERRAFORM_BINARY_NAME: 'terraform',
    ENVIRONMENTS_DIR: join(directory, 'environments'),
    STACKS_DIR: stacks,
    STACKS_BASE: 'HEAD^1',
  };
});
afterEach(() => rmSync(directory, { recursive: true }));

function git(...words: string[]): void {
  const author = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
  execFileSync('git', [...author, ...words], { cwd: directory });
}
function commit(message: string): void {
  git('add', '--all', '--', 'cdktf.out/*/cdk.tf.json', 'cdktf.out');
  git('commit', '-q', '-m', message);
}

/** Two stacks that need no provider, with their states below that folder. */
function write(folder: string): void {
  for (const name of STACKS) {
    mkdirSync(join(stacks, name), { recursive: true });
    const terraform = { backend: { local: { path: `../../../${folder}/${name}.tfstate` } } };
    const resource = { terraform_data: { kept: { input: name } } };
    writeFileSync(join(stacks, name, 'cdk.tf.json'), JSON.stringify({ terraform, resource }));
  }
}

function run(command: string, input = ''): { code: number | null; printed: string } {
  const ended = spawnSync('bash', ['-eo', 'pipefail', '-c', command], { cwd: PROJECT, env, input, encoding: 'utf8' });
  return { code: ended.status, printed: ended.stdout + ended.stderr };
}
const plan = () => run(`npm run -s stacks:plan -- --out '${directory}/plans.md'`);
const comment = () => readFileSync(join(directory, 'plans.md'), 'utf8');

test('a state that was left behind is told, and what is printed moves it', () => {
  git('init', '-q', '-b', 'main');
  writeFileSync(join(directory, '.gitignore'), '.terraform*\n*.tfstate*\nplans.md\nbin\n');
  write('before');
  commit('Before');
  for (const name of STACKS) {
    const at = `terraform -chdir='${join(stacks, name)}'`;
    expect(run(`${at} init && ${at} apply -auto-approve`)).toMatchObject({ code: 0 });
  }
  write('after');
  commit('After');
  // A checkout of somebody who never ran Terraform here.
  for (const name of STACKS) rmSync(join(stacks, name, '.terraform'), { recursive: true });

  const { code, printed } = plan();
  expect({ code, printed }).toMatchObject({ code: 1, printed: expect.stringContaining('Error STATE_NOT_MOVED') });
  const said = printed.replace(/\s+/g, ' ');
  expect(said).toContain(
    'demo-source: This change moves its state from the file ../../../before/demo-source.tfstate to the file ../../../after/demo-source.tfstate. There are 1 resources in the former one, and none in the new one',
  );
  expect(comment()).toContain('| demo-source | unmoved |');
  expect(comment()).not.toContain('+ terraform_data');

  const moves = [...said.matchAll(/Move the state before: (\(cd .*? -migrate-state\))/g)].map(([, line]) => line!);
  expect(moves).toHaveLength(2);
  for (const line of moves) {
    const moved = run(line, 'yes\n');
    expect({ line, ...moved }).toMatchObject({ code: 0 });
  }
  for (const name of STACKS) expect(existsSync(join(directory, `after/${name}.tfstate`))).toBe(true);
  expect(run(`git -C '${directory}' diff --exit-code`)).toMatchObject({ code: 0 });
  expect(plan()).toEqual({ code: 0, printed: 'planned: demo-source\nplanned: demo-target\n' });
  expect(comment()).toContain('| demo-source | no changes |');
});

test('where nothing was deployed nothing is to be moved, and of another machine it is said that nobody could look', () => {
  git('init', '-q', '-b', 'main');
  write('before');
  commit('Before');
  write('after');
  commit('After');
  // A local state of another machine, and one that is empty.
  const early = plan();
  expect(early).toMatchObject({ code: 0, printed: 'waiting: demo-source\nwaiting: demo-target\n' });
  expect(comment()).toMatch(/Whether that was done cannot be seen from here\. If not: \(cd /);
  mkdirSync(join(directory, 'before'));
  const empty = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'x', outputs: {}, resources: [] };
  for (const name of STACKS) writeFileSync(join(directory, `before/${name}.tfstate`), JSON.stringify(empty));
  expect(plan()).toMatchObject({ code: 0 });
  expect(comment()).not.toContain('moves its state');
});

test('stacks:fresh names each state that gets another place, and none where its role alone is another', () => {
  for (const name of ['demo', 'example'])
    cpSync(join(PROJECT, `environments/${name}.yaml`), join(directory, `environments/${name}.yaml`));
  const synth = (edit: (text: string) => string): void => {
    const file = join(directory, 'environments/example.yaml');
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    process.env['ENVIRONMENTS_DIR'] = join(directory, 'environments');
    try {
      buildApp(loadEnvironments(), join(directory, 'cdktf.out')).synth();
    } finally {
      delete process.env['ENVIRONMENTS_DIR'];
    }
  };
  git('init', '-q', '-b', 'main');
  synth(String);
  commit('First');
  synth((text) => text.replace('role/terraform-state', 'role/of-another-name'));
  commit('Another role');
  expect(run('npm run -s stacks:fresh').printed).toMatch(/^fresh: [^\n]*\n$/);
  synth((text) => text.replace('bucket: example-terraform-state', 'bucket: other-terraform-state'));
  commit('Another bucket');
  const { code, printed } = run('npm run -s stacks:fresh');
  expect(code).toBe(0);
  expect(printed).toContain(
    'that of example-target from s3://example-terraform-state/platform/aurora-sync/example-target.tfstate to s3://other-terraform-state/platform/aurora-sync/example-target.tfstate.',
  );
  expect(printed).not.toContain('that of demo-source');
  expect(printed).toMatch(/before any deploy: \(cd .* && git show [0-9a-f]{12}:\.\/cdk\.tf\.json > cdk\.tf\.json/);
});
