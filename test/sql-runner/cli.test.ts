import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sql runner cli '));
  await writeFile(join(directory, 'garbage.json'), 'garbage');
});
afterAll(() => rm(directory, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function sqlRunner(...args: string[]): Promise<Outcome> {
  // Credentials and endpoints of whoever runs the tests must not be reached for.
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
  const child = spawn(process.execPath, [join(root, 'sql-runner', 'bin.js'), ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text));
  return new Promise((done, fail) => child.once('error', fail).once('close', (code) => done({ code, ...parts })));
}

test.each<[string, string[], RegExp]>([
  ['nothing', [], /Usage: sql-runner/],
  ['an unknown flag', ['plan', 'demo', '--jsn'], /unknown option '--jsn'\s+\(Did you mean --json\?\)/],
  [
    'an environment that is not deployed',
    ['plan', 'demo'],
    /Error SOURCE_NOT_DEPLOYED[^]*What to do: cdktf deploy demo-source/,
  ],
  [
    'a plan file that is none',
    ['apply', 'garbage.json'],
    /Error PLAN_FILE_UNREADABLE[^]*sql-runner plan ENVIRONMENT --out FILE/,
  ],
])('%s: exit 1, one clear error, no stack trace', async (_, args, message) => {
  const { code, stdout, stderr } = await sqlRunner(...args);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).not.toMatch(/^\s+at |node_modules/m);
});

test('with --json the error is a document on stdout as well', async () => {
  const { code, stdout } = await sqlRunner('plan', 'demo', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'error',
    code: 'SOURCE_NOT_DEPLOYED',
    next: 'cdktf deploy demo-source',
  });
  expect(code).toBe(1);
});

test.each([
  ['sql-runner', ['sql-runner/cli.ts', 'status', 'demo', '--json']],
  ['the lab', ['lab/cli.ts', 'status', '--name', 'nobody']],
  ['the demo', ['lab/demo/demo.ts', '--help']],
])('%s tells of no pipe when nobody reads it any more and its input is closed', async (_, args) => {
  const { code, stderr } = await unread(args);
  expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
  expect([0, 1, 141]).toContain(code);
});

/** The reading end is closed before anything is written, as that of `| head -1` is afterwards. */
function unread(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const pipe = 'exec 3>&1 4>&2; { "$@" <&- 2>&4; echo $? >&3; } | :';
  const [script, ...rest] = args;
  const command = [process.execPath, '--import', 'tsx', join(root, script!), ...rest];
  const child = spawn('sh', ['-c', pipe, 'sh', ...command], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text));
  return new Promise((done) => child.once('close', () => done({ code: Number(parts.stdout), stderr: parts.stderr })));
}
