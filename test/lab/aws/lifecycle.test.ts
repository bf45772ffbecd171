import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentFile } from '../../../environments/files';
import { labProcesses, signal } from '../../../lab/processes';
import { openLab, startLab } from '../../../lab/lab';
import { demoLab, poll, removeHome, temporaryHome } from './support';

const CHECKOUT = join(__dirname, '..', '..', '..');
const CLI = ['--require', require.resolve('tsx/cjs'), join(CHECKOUT, 'lab', 'cli.ts')];
const home = temporaryHome();
const env = { ...process.env, LAB_HOME: home };

afterAll(async () => {
  for (const name of existsSync(home) ? readdirSync(home) : []) await lab('down', '--name', name);
  removeHome(home);
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function lab(...args: string[]): Promise<Outcome> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [...CLI, ...args], { env })) };
  } catch (error) {
    return error as Outcome;
  }
}

function nothingIsLeft(name: string): void {
  expect(labProcesses(join(home, name))).toEqual([]);
  expect(existsSync(join(home, name))).toBe(false);
}

/**
 * The processes that stand for a lab's servers: one each. A server's children end
 * by themselves at any time (an autovacuum worker, a session whose client left),
 * so two looks at all of them may differ with nothing done in between.
 */
function postmasters(directory: string): number[] {
  const running = labProcesses(directory).map(({ pid }) => pid);
  return readdirSync(join(directory, 'clusters'))
    .map((cluster) => readFileSync(join(directory, 'clusters', cluster, 'data', 'postmaster.pid'), 'utf8'))
    .map((text) => Number.parseInt(text, 10))
    .filter((pid) => running.includes(pid));
}

/** What a lab leaves when the machine goes down, with a process number that belongs to somebody else by now. */
function leaveDeadLab(name: string): void {
  const data = join(home, name, 'clusters', 'cluster-dead', 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(home, name, '.aurora-lab'), '');
  writeFileSync(join(data, 'postmaster.pid'), `${process.ppid}\n`);
}

test('a directory that no lab has made is no lab, and stays as it is', async () => {
  const photos = join(home, 'photos');
  mkdirSync(photos, { recursive: true });
  writeFileSync(join(photos, 'one.jpg'), 'dear');
  for (const verb of ['up', 'down'] as const) {
    const refused = await lab(verb, '--name', 'photos');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('LAB_DIRECTORY_FOREIGN') as string });
  }
  expect(await lab('down', '--all')).toMatchObject({ code: 0, stdout: expect.stringContaining('no lab') as string });
  expect((await lab('status', '--name', 'none')).stdout).not.toContain('photos');
  expect(readdirSync(photos)).toEqual(['one.jpg']);
  rmSync(photos, { recursive: true });
});

test('up, up again, status, env, down', async () => {
  const up = await lab('up', '--name', 'cli');
  expect(up).toMatchObject({ code: 0, stderr: '' });
  expect(up.stdout).toContain('eval "$(npm run -s lab -- env --name cli)"');
  expect(up.stdout).toContain('npm run -s lab -- psql source shop --name cli\n');
  expect(statSync(join(home, 'cli', 'state.json')).mode & 0o777).toBe(0o600);
  const running = openLab('cli', home);
  for (const secret of running.secretValues()) expect(up.stdout).not.toContain(secret);

  const again = await lab('up', '--name', 'cli');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('is up already') as string });
  const { stdout } = await lab('status', '--name', 'cli', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    running: true,
    environment: 'demo',
    clusters: [{ role: 'production', identifier: 'demo-production' }],
  });
  for (const secret of running.secretValues()) expect(stdout).not.toContain(secret);

  const exported = await lab('env', '--name', 'cli');
  const shell = await promisify(execFile)('sh', ['-c', `${exported.stdout}\nprintf %s "$PGSSLROOTCERT"`], { env });
  expect(shell.stdout).toBe(running.env.PGSSLROOTCERT);

  expect(await lab('down', '--name', 'cli')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('is down') as string,
  });
  nothingIsLeft('cli');
  expect(() => openLab('cli', home)).toThrow('LAB_NOT_UP');
});

test('two labs run side by side; one whose daemon was killed is cleaned by down, the other goes on', async () => {
  leaveDeadLab('other');
  const [one, other] = await Promise.all([demoLab(home, 'one'), demoLab(home, 'other')]);
  expect(one.state.port).not.toBe(other.state.port);
  // Nobody has asked how to log in yet.
  const passwords = readFileSync(join(one.directory, 'pgpass'), 'utf8');
  expect(passwords).toMatch(new RegExp(`^localhost:${one.sourceConnection('shop').port}:`));
  expect(readdirSync(join(other.directory, 'clusters'))).toEqual([expect.not.stringContaining('dead')]);
  expect(() => process.kill(process.ppid, 0)).not.toThrow();
  signal(one.state.daemonPid, 'SIGKILL');
  await poll(
    () => labProcesses(one.directory).filter(({ kind }) => kind === 'daemon'),
    (daemons) => daemons.length === 0,
  );
  const left = postmasters(one.directory);
  expect(left.length).toBeGreaterThan(0);
  for (const verb of ['status', 'up']) {
    const refused = await lab(verb, '--name', 'one');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('LAB_BROKEN') as string });
    expect(refused.stderr).toContain('npm run lab -- down --name one,');
  }
  expect([postmasters(one.directory), existsSync(join(one.directory, 'state.json'))]).toEqual([left, true]);
  expect(await lab('down', '--name', 'one')).toMatchObject({ code: 0 });
  nothingIsLeft('one');

  expect(openLab('other', home).state.daemonPid).toBe(other.state.daemonPid);
  await other.down();
  nothingIsLeft('other');
});

test('a home that can hold no labs is one clear error', async () => {
  const file = join(home, 'a file');
  mkdirSync(home, { recursive: true });
  writeFileSync(file, '');
  for (const unusable of ['/proc', file]) {
    process.env.LAB_HOME = unusable;
    const start = startLab({ environmentFile: environmentFile('demo'), name: 'homeless' });
    await expect(start.finally(() => delete process.env.LAB_HOME)).rejects.toMatchObject({
      code: 'LAB_HOME_UNUSABLE',
      seen: expect.stringContaining(unusable) as string,
    });
  }
  rmSync(file);
});

test('a lab that is not there yet is not told to be started', async () => {
  const directory = join(home, 'soon');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, '.aurora-lab'), '');
  const beginning = ['-e', 'setInterval(() => undefined, 1000)', join(CHECKOUT, 'lab', 'daemon.ts'), directory];
  const daemon = spawn(process.execPath, beginning, { stdio: 'ignore' });
  await poll(
    () => labProcesses(directory),
    (seen) => seen.some(({ kind }) => kind === 'daemon'),
  );
  const { code, stdout } = await lab('status', '--name', 'soon');
  daemon.kill('SIGKILL');
  await once(daemon, 'close');
  rmSync(directory, { recursive: true });
  expect([code, stdout]).toEqual([0, 'Lab "soon" is coming up or going down. Look again in a moment.\n']);
});

test('an up that is killed half-way takes itself down', async () => {
  const directory = join(home, 'killed');
  const up = spawn(process.execPath, [...CLI, 'up', '--name', 'killed'], { env, stdio: 'ignore' });
  await poll(
    () => labProcesses(directory),
    (seen) => seen.some(({ kind }) => kind === 'daemon'),
  );
  up.kill('SIGKILL');
  await poll(
    () => labProcesses(directory),
    (seen) => seen.length === 0,
  );
  await poll(
    () => existsSync(directory),
    (exists) => !exists,
  );
});

test.each(['port', 'postgresPort'] as const)(
  'a %s that is taken is one clear error, and nothing is left',
  async (which) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const start = startLab({ environmentFile: environmentFile('demo'), home, name: 'taken', [which]: port });
    await expect(start).rejects.toMatchObject({
      name: 'OperatorError',
      code: 'LAB_PORT_TAKEN',
      seen: expect.stringContaining(String(port)) as string,
    });
    nothingIsLeft('taken');
    server.close();
  },
);

test('without terraform, with a bad name or an unknown environment nothing is started', async () => {
  const { PATH, TERRAFORM_BINARY_NAME } = process.env;
  Object.assign(process.env, { PATH: '/nonexistent', TERRAFORM_BINARY_NAME: '', TERRAFORM_FETCH: 'off' });
  await expect(demoLab(home, 'bare'))
    .rejects.toMatchObject({ code: 'TERRAFORM_MISSING' })
    .finally(() => {
      delete process.env.TERRAFORM_FETCH;
      Object.assign(process.env, { PATH, TERRAFORM_BINARY_NAME: TERRAFORM_BINARY_NAME ?? '' });
    });
  nothingIsLeft('bare');
  await expect(demoLab(home, '../up')).rejects.toMatchObject({ code: 'LAB_NAME_INVALID' });
  expect(await lab('up', '--environment', 'dmo')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "demo"?') as string,
  });
});
