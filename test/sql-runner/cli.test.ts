import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { logLineSchema } from '../../sql-runner/render/schemas/log';
import { sourceContract, targetContract } from './support/contract';

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
  return start({}, args).ended;
}

function start(more: Readonly<Record<string, string>>, args: readonly string[]) {
  // Credentials and endpoints of whoever runs the tests must not be reached for.
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    ...more,
  };
  const child = spawn(process.execPath, [join(root, 'sql-runner', 'bin.js'), ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text));
  const ended = new Promise<Outcome>((done, fail) =>
    child.once('error', fail).once('close', (code) => done({ code, ...parts })),
  );
  return { child, ended };
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

test.each([
  ['a usage error', ['plan', 'demo', '--jsn', '--log-format', 'json'], 'USAGE_INVALID'],
  ['an error of a command', ['history', 'demo', '--log-format=json', '--json'], 'SOURCE_NOT_DEPLOYED'],
  ['a command about itself', ['help', 'plam', '--log-format', 'json'], 'USAGE_INVALID'],
])('with --log-format json each entry on stderr is a line: %s', async (_, args, code) => {
  const { stdout, stderr } = await sqlRunner(...args);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0]!) as { run: string };
  expect(logLineSchema.safeParse(line).error).toBeUndefined();
  expect(line).toMatchObject({ level: 'error', code, message: expect.stringContaining('What to do: ') });
  // It is one run, whatever it is told by.
  if (args.includes('--json')) expect(JSON.parse(stdout)).toMatchObject({ run: line.run, type: 'error' });
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

/** An account that takes calls and never answers: each command is still reading. */
test.each([
  ['plan', 'SIGINT', 130],
  ['verify', 'SIGINT', 130],
  ['apply', 'SIGINT', 130],
  ['apply', 'SIGTERM', 143],
] as const)('%s is ended by the first %s while it reads, with %d', async (verb, signal, code) => {
  const [source, target] = [join(directory, 'source.json'), join(directory, 'target.json')];
  const { cluster } = targetContract();
  const clone = targetContract({ cluster: { ...cluster, arn: cluster.arn.replace('111111111111', '222222222222') } });
  await writeFile(source, JSON.stringify(sourceContract()));
  await writeFile(target, JSON.stringify(clone));
  const account = createServer();
  await new Promise<void>((listening) => account.listen(0, '127.0.0.1', listening));
  const { port } = account.address() as AddressInfo;
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-central-1' };
  const endpoint = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  const { child, ended } = start({ ...keys, ...endpoint }, [verb, 'demo', '--outputs', source, '--outputs', target]);
  account.once('connection', () => child.kill(signal));
  const outcome = await ended;
  account.close();
  const said = verb === 'apply' ? 'Stopped as you asked; nothing was changed.\n' : '';
  expect(outcome).toEqual({ code, stdout: '', stderr: said });
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

test('a disk that is full is an error that says so', async () => {
  const args = ['sql-runner/cli.ts', 'status', 'demo', '--json', '--stacks-dir', 'none'];
  const command = [process.execPath, '--import', 'tsx', ...args];
  const ended = promisify(execFile)('sh', ['-c', '"$@" >/dev/full', 'sh', ...command], { cwd: root });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Error OUTPUT_UNWRITABLE\n.*ENOSPC/),
  });
});
