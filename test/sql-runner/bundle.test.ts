import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../../lab/demo/toolchain';

/** A checkout of its own, as sources are edited and the cache is spoiled here. */
let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'sql runner bundle '));
  for (const folder of ['sql-runner', 'contract', 'errors'])
    cpSync(join(PROJECT, folder), join(checkout, folder), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(join(PROJECT, file), join(checkout, file));
  mkdirSync(join(checkout, 'node_modules'));
  for (const name of readdirSync(join(PROJECT, 'node_modules')).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(PROJECT, 'node_modules', name), join(checkout, 'node_modules', name));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const help = (): string =>
  execFileSync(process.execPath, [join(checkout, 'sql-runner', 'bin.js'), '--help'], { encoding: 'utf8' });
const cache = (): string => join(checkout, 'node_modules', '.cache', 'sql-runner');
const bundles = (): string[] => readdirSync(cache()).filter((name) => name.endsWith('.js'));

test('the command starts from a bundle, and from a new one once a source has changed', () => {
  expect(help()).toContain('Usage: sql-runner');
  const [first, ...others] = bundles();
  expect(others).toEqual([]);
  expect(help()).toContain('Usage: sql-runner');
  expect(bundles()).toEqual([first]);

  const source = join(checkout, 'sql-runner', 'program.ts');
  writeFileSync(source, readFileSync(source, 'utf8').replace("new Command('sql-runner')", "new Command('changed')"));
  expect(help()).toContain('Usage: changed');
  expect(bundles()).toHaveLength(1);
  expect(bundles()).not.toContain(first);
});

test('V8 may keep a letter of the bundle in one byte each', () => {
  const bundle = readFileSync(join(cache(), bundles()[0]!));
  expect([...new Set(bundle.filter((byte) => byte > 0x7f))]).toEqual([]);
});

test('what says how a command is called loads none of what only some commands send', () => {
  const loaded = `process.on('exit', () => console.log(JSON.stringify(process.moduleLoadList)))`;
  const hook = join(checkout, 'loaded.cjs');
  writeFileSync(hook, loaded);
  const argv = ['--require', hook, join(checkout, 'sql-runner', 'bin.js'), '--version'];
  const [version, list = ''] = execFileSync(process.execPath, argv, { encoding: 'utf8' }).split('\n');
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  // The HTTP client behind fetch() and Response.
  expect((JSON.parse(list) as string[]).filter((name) => name.includes('undici'))).toEqual([]);
});

const DAMAGES: Record<string, (whole: Buffer) => Buffer> = {
  empty: () => Buffer.alloc(0),
  'cut in half': (whole) => whole.subarray(0, whole.length >> 1),
  'cut by its last byte': (whole) => whole.subarray(0, -1),
  'zeros in its middle': (whole) => Buffer.from(whole).fill(0, whole.length >> 2, whole.length >> 1),
  'one bit': (whole) => ((whole = Buffer.from(whole)), (whole[whole.length >> 1]! ^= 1), whole),
  'something else': () => Buffer.from('damaged'),
};

describe.each([
  ['the bundle', '.js'],
  ['compiled code', '.cache'],
])('%s that is not as it was written is not used, and made anew', (_, ending) => {
  const file = () => {
    const found = readdirSync(cache()).filter((name) => name.endsWith(ending));
    expect(found).toHaveLength(1);
    return join(cache(), found[0]!);
  };

  test.each(Object.entries(DAMAGES))('%s', (__, damage) => {
    const whole = readFileSync(file());
    const damaged = damage(whole);
    writeFileSync(file(), damaged);
    expect(help()).toContain('Usage: changed');
    const anew = readFileSync(file());
    expect([anew.equals(damaged), anew.length > whole.length / 2]).toEqual([false, true]);
  });

  test('a folder in its place', () => {
    const place = file();
    rmSync(place);
    mkdirSync(join(place, 'folder'), { recursive: true });
    expect(help()).toContain('Usage: changed');
    expect(readFileSync(file()).length).toBeGreaterThan(1_000);
  });
});

test('compiled code of another bundle is not used', () => {
  const [bundle = '', compiled = ''] = ['.js', '.cache'].map((ending) =>
    readFileSync(
      join(
        cache(),
        readdirSync(cache()).find((name) => name.endsWith(ending))!,
      ),
    ),
  );
  const source = join(checkout, 'sql-runner', 'program.ts');
  // V8 tells one source from another by its length alone.
  writeFileSync(source, readFileSync(source, 'utf8').replace("new Command('changed')", "new Command('renewed')"));
  expect(help()).toContain('Usage: renewed');
  const now = readdirSync(cache()).find((name) => name.endsWith('.cache'))!;
  expect(readFileSync(join(cache(), bundles()[0]!))).toHaveLength(bundle.length);
  writeFileSync(join(cache(), now), compiled);
  expect(help()).toContain('Usage: renewed');
});

/** A command, which is loaded when it is called. */
const status = () =>
  spawnSync(process.execPath, [join(checkout, 'sql-runner', 'bin.js'), 'status', 'demo', '--outputs', 'none.json'], {
    encoding: 'utf8',
  });

test('where no bundle can be kept every command starts all the same', () => {
  rmSync(join(checkout, 'node_modules', '.cache'), { recursive: true });
  writeFileSync(join(checkout, 'node_modules', '.cache'), 'not a folder');
  expect(help()).toContain('Usage: renewed');
  expect(status()).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Error OUTPUTS_UNREADABLE\n/) as string });
});

test('nothing is left beside what is kept', () => {
  rmSync(join(checkout, 'node_modules', '.cache'));
  for (const _ of [1, 2]) {
    expect(status().status).toBe(1);
    expect(readdirSync(cache()).map((name) => name.replace(/^[0-9a-f]{16}/, ''))).toEqual([
      '.js',
      `.js.${process.version}.cache`,
    ]);
  }
});

test('sources that are not whole are said to be so, and nothing ends as if it were done', () => {
  rmSync(join(checkout, 'sql-runner', 'commands', 'status.ts'));
  expect(status()).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('sql-runner cannot be put together from its sources') as string,
  });
});
