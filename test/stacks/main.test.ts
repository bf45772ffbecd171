import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROJECT = join(__dirname, '../..');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'synth entry '));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs main.ts as cdktf does, with the environments and the output in the test's directory. */
function synth(script = 'main.ts') {
  const env = { ...process.env, ENVIRONMENTS_DIR: directory, CDKTF_OUTDIR: join(directory, 'out') };
  return spawnSync(process.execPath, ['--import', 'tsx', script], { cwd: PROJECT, env, encoding: 'utf8' });
}

test('a bad environment is one readable error and exit code 1, without a stack trace', () => {
  writeFileSync(join(directory, 'demo.yaml'), 'name: demo\nregoin: eu-west-1\n');
  const { status, stdout, stderr } = synth();
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${join(directory, 'demo.yaml')}:2:1`);
  expect(stderr).toContain('Did you mean "region"?');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('the check before cdktf says the same, once, and nothing of a good file', () => {
  writeFileSync(join(directory, 'demo.yaml'), 'name: demo\nregoin: eu-west-1\n');
  const check = () => synth(join('environments', 'check.ts'));
  const { status, stderr } = check();
  expect({ status, stderr }).toEqual({ status: 1, stderr: synth().stderr });
  cpSync(join(PROJECT, 'environments/demo.yaml'), join(directory, 'demo.yaml'));
  expect(check()).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('a good one is silent and exits 0', () => {
  cpSync(join(PROJECT, 'environments/demo.yaml'), join(directory, 'demo.yaml'));
  expect(synth()).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('a file that is gone while its stacks are there: they are named, with the way out, and nothing is deleted', () => {
  const file = (name: string) => join(directory, `${name}.yaml`);
  const json = (stack: string) => join(directory, 'out', 'stacks', stack, 'cdk.tf.json');
  for (const name of ['demo', 'example']) cpSync(join(PROJECT, 'environments', `${name}.yaml`), file(name));
  expect(synth()).toMatchObject({ status: 0 });
  const before = readFileSync(json('demo-source'), 'utf8');
  rmSync(file('demo'));
  const { status, stderr } = synth();
  const said = stderr.replace(/\s+/g, ' ');
  expect(status).toBe(1);
  expect(said).toContain('ENVIRONMENT_FILE_GONE');
  expect(said).toContain('There is JSON of demo-source, demo-target in ');
  expect(said).toContain(
    'npm run synth && npx sql-runner teardown demo && npx cdktf destroy demo-target && npx cdktf destroy demo-source',
  );
  expect(readFileSync(json('demo-source'), 'utf8')).toBe(before);

  cpSync(join(PROJECT, 'environments', 'demo.yaml'), file('demo'));
  expect(synth()).toMatchObject({ status: 0, stderr: '' });
  rmSync(file('demo'));
  // A shell takes it as it stands, where the path has a space as well.
  const [removal] = /rm -r .+$/.exec(stderr.trim())!;
  expect(spawnSync('sh', ['-c', removal]).status).toBe(0);
  expect(existsSync(dirname(json('demo-target')))).toBe(false);
  expect(synth()).toMatchObject({ status: 0, stderr: '' });
  expect([existsSync(json('demo-source')), existsSync(json('example-source'))]).toEqual([false, true]);
});

test('a directory without environments says so', () => {
  const { status, stderr } = synth();
  expect(status).toBe(1);
  expect(stderr).toContain('NO_ENVIRONMENTS');
});
