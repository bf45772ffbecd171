import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

test('a directory without environments says so', () => {
  const { status, stderr } = synth();
  expect(status).toBe(1);
  expect(stderr).toContain('NO_ENVIRONMENTS');
});
