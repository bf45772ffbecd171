import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

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

test('run by hand, the provider says what it is and ends', async () => {
  const environment = await installProvider(path.join(parent, 'by hand'));
  const started = run(environment.AURORA_LAB_NODE!, [environment.AURORA_LAB_PROVIDER!]);
  await expect(started).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Terraform starts it') as string,
  });
});
