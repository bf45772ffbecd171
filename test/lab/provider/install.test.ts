import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';

import { installProvider } from '../../../lab/provider/install';
import { eventually } from '../../support/eventually';

const run = promisify(execFile);
let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'two labs '));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

test('the file that lock files record is the same in every lab, and executable', async () => {
  const wrappers = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const lab = path.join(parent, name);
      await installProvider(lab);
      const directory = path.join(lab, 'mirror/registry.terraform.io/hashicorp/aws/6.25.0');
      const [platform] = await readdir(directory);
      const files = await readdir(path.join(directory, platform!));
      expect(files).toEqual(['terraform-provider-aws_v6.25.0_x5']);
      const file = path.join(directory, platform!, files[0]!);
      expect((await stat(file)).mode & 0o777).toBe(0o755);
      return readFile(file, 'utf8');
    }),
  );
  expect(wrappers[0]).toBe(wrappers[1]);
  expect(wrappers[0]).not.toContain(parent);
});

test('no compiler is left beside the process that installs it', async () => {
  await installProvider(path.join(parent, 'alone'));
  const compilers = async (): Promise<string[]> => {
    const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
    return (await Promise.all(pids.map(childOfOurs))).filter((command) => command.includes('esbuild'));
  };
  // It ends a moment after its thread.
  await eventually(async () => (await compilers()).length === 0);
});

/** Its command line; empty for another's, and for one that has ended meanwhile. */
async function childOfOurs(pid: string): Promise<string> {
  try {
    const [, parentPid] = /^PPid:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(parentPid) === process.pid ? await readFile(`/proc/${pid}/cmdline`, 'utf8') : '';
  } catch {
    return '';
  }
}

async function runByHand(environment: Record<string, string>): Promise<void> {
  await expect(run(environment.AURORA_LAB_NODE!, [environment.AURORA_LAB_PROVIDER!])).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Terraform starts it') as string,
  });
}

test('run by hand, the provider says what it is and ends', async () => {
  await runByHand(await installProvider(path.join(parent, 'by hand')));
});

test('labs with a folder in common have one program, also when both are the first', async () => {
  const shared = path.join(parent, 'shared');
  const install = (name: string) => installProvider(path.join(parent, name), shared);
  const [one, other] = await Promise.all([install('first'), install('as well')]);
  const later = await install('later');
  expect([other.AURORA_LAB_PROVIDER, later.AURORA_LAB_PROVIDER]).toEqual(Array(2).fill(one.AURORA_LAB_PROVIDER));
  expect(later.TF_CLI_CONFIG_FILE).not.toBe(one.TF_CLI_CONFIG_FILE);
  expect(await readdir(shared)).toEqual(['provider']);
  await runByHand(later);
});

describe('what was compiled', () => {
  const compiledFile = `bundle.js.${process.version}.cache`;

  test('is kept by the first start and left alone by the next', async () => {
    const environment = await installProvider(path.join(parent, 'compiled'));
    const folder = path.dirname(environment.AURORA_LAB_PROVIDER!);
    await runByHand(environment);
    const { ino } = await stat(path.join(folder, compiledFile));
    await runByHand(environment);
    expect((await stat(path.join(folder, compiledFile))).ino).toBe(ino);
    expect((await readdir(folder)).sort()).toEqual(
      ['bundle.js', compiledFile, 'provider-schemas.json', 'provider.js'].sort(),
    );
  });

  test('of another text is not used, and made anew', async () => {
    const environment = await installProvider(path.join(parent, 'rejected'));
    const file = path.join(path.dirname(environment.AURORA_LAB_PROVIDER!), compiledFile);
    const other = new Script('console.log("of another text")').createCachedData();
    await writeFile(file, other);
    await runByHand(environment);
    expect(await readFile(file)).not.toEqual(other);
  });
});
