import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { version } from '../../package.json';
import { PROJECT } from '../../lab/demo/toolchain';
import { sourceContract } from '../sql-runner/support/contract';
import { copiesOf, letIn, stagesOf, type Instruction, type Stage } from './dockerfile';

/** The Dockerfile, carried out without an engine: the same files, the same commands, and what they leave is started. */

const { args, stages } = stagesOf(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'));
const [build, image] = stages as [Stage, Stage];
const only = (stage: Stage, name: string): string => {
  const found = stage.instructions.filter((one: Instruction) => one.name === name);
  if (found.length !== 1) throw new Error(`${found.length} times ${name}`);
  return found[0]!.text;
};

/** Beside node_modules, as a hard link stays on its disk. */
let folder: string;
const within = (path: string) => join(folder, path);

beforeAll(() => {
  const cache = join(PROJECT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'image-'));
}, 10_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is left of node_modules by `npm ci --omit=dev`: packages that are for production, with their files. */
function linkProduction(to: string): void {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: PROJECT, encoding: 'utf8' });
  const names = listed
    .split('\n')
    .map((path) => path.slice(PROJECT.length + 1))
    // sql-runner imports nothing of the stacks (npm run imports), and these have 20,000 files.
    .filter((path) => path.startsWith('node_modules/') && !/cdktf/.test(path))
    .filter((path) => path.lastIndexOf('node_modules/') === 0);
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    execFileSync('cp', ['-al', join(PROJECT, name), join(to, name)]);
  }
}

/** Carries out one stage in a folder of its own; a path from the root is one below it. */
function carryOut(stage: Stage, directory: string): void {
  const root = within(directory);
  let cwd = root;
  for (const { name, text } of stage.instructions) {
    if (name === 'WORKDIR') mkdirSync((cwd = join(root, text)), { recursive: true });
    if (name === 'COPY') {
      const [copy] = copiesOf({ ...stage, instructions: [{ name, text }] });
      const { from, sources, to } = copy!;
      for (const source of sources) {
        const target = to.startsWith('/') ? join(root, to) : join(cwd, to);
        const file = from === undefined ? join(PROJECT, source) : join(within(from), source);
        const into = to.endsWith('/') && !source.endsWith('/') ? join(target, source) : target;
        cpSync(file, into, { recursive: true });
      }
    }
    if (name === 'RUN') {
      if (/^npm ci --omit=dev --ignore-scripts\b/.test(text)) linkProduction(cwd);
      else execFileSync('sh', ['-ec', text.replaceAll(' /image', ` '${root}/image'`)], { cwd, stdio: 'pipe' });
    }
  }
}

test('each image is the one that whoever builds it names, and the last one has a user without rights', () => {
  expect(stages).toHaveLength(2);
  expect(args).toEqual({ NODE_IMAGE: 'node:20-bookworm-slim' });
  expect(stages.map(({ base }) => base)).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}']);
  expect(only(image, 'USER')).toBe('1000:1000');
  expect(image.instructions.map(({ name }) => name)).not.toContain('RUN');
});

test('whatever is copied is there, and is let into the build, and nothing else is', () => {
  const copied = copiesOf(build).flatMap(({ sources }) => sources);
  expect(copied.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  expect([...copied].sort()).toEqual(letIn(PROJECT).sort());
  expect(copiesOf(image).map(({ from }) => from)).toEqual([build.as]);
});

test('what the image holds starts by itself, as nobody, with nothing beside it', () => {
  carryOut(build, 'build');
  carryOut(image, 'image');
  const inside = within('image/opt/sql-runner');
  expect(readdirSync(inside).sort()).toEqual(['package.json', 'sql-runner.cdx.json', 'sql-runner.js']);
  const [program, file, ...rest] = JSON.parse(only(image, 'ENTRYPOINT')) as string[];
  expect([program, rest]).toEqual(['node', []]);
  // Where no node_modules is above it.
  const elsewhere = mkdtempSync('/tmp/sql runner image ');
  try {
    cpSync(inside, join(elsewhere, 'opt'), { recursive: true });
    execFileSync('chmod', ['-R', 'a+rX,a-w', elsewhere]);
    const start = (words: string[], env: Record<string, string> = {}) =>
      spawnSync(process.execPath, [join(elsewhere, file!.replace('/opt/sql-runner', 'opt')), ...words], {
        cwd: '/tmp',
        encoding: 'utf8',
        env,
        ...(process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {}),
      });
    expect(start(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(start(['serve', '--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('--cloudwatch') });
    expect(start(JSON.parse(only(image, 'CMD')) as string[])).toMatchObject({ status: 0 });
    // As far as it comes without an account: it has read the outputs.
    const outputs = JSON.stringify({ source: sourceContract() });
    const refused = start(['status', 'other'], { SQL_RUNNER_OUTPUTS: outputs });
    expect(refused.stderr).toContain('there are the environments demo');
  } finally {
    execFileSync('chmod', ['-R', 'u+w', elsewhere]);
    rmSync(elsewhere, { recursive: true });
  }
}, 300_000);

test('the bill of materials names every package that is in the bundle, with its version, and nothing else', () => {
  const { components } = JSON.parse(readFileSync(within('image/opt/sql-runner/sql-runner.cdx.json'), 'utf8')) as {
    components: { name: string; version: string; purl: string }[];
  };
  const lock = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { name?: string; version: string; dev?: true }>;
  };
  const production = new Set(
    Object.entries(lock.packages)
      .filter(([path, { dev }]) => path !== '' && dev === undefined)
      .map(([path, entry]) => `${entry.name ?? path.split('node_modules/').at(-1)}@${entry.version}`),
  );
  const named = components.map((one) => `${one.name}@${one.version}`);
  expect(named.filter((one) => !production.has(one))).toEqual([]);
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['pg', 'commander', 'zod', '@aws-sdk/client-rds']));
  // What makes the bundle is not in it.
  expect(['esbuild', 'tsx', 'cdktf', 'jest'].filter((name) => names.includes(name))).toEqual([]);
  expect(components.find(({ name }) => name === '@aws-sdk/client-rds')!.purl).toMatch(
    /^pkg:npm\/%40aws-sdk\/client-rds@3\./,
  );
});
