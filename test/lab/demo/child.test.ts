import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren, startChild } from '../../../lab/demo/child';
import { eventually } from '../../support/eventually';

const folder = mkdtempSync(join(tmpdir(), 'demo child '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string) =>
  startChild({ argv: [process.execPath, '-e', script], cwd: folder, env: process.env, log: join(folder, 'child.log') });

test('output and exit code come back and are logged', async () => {
  const result = await run("console.log('out'); console.error('err'); process.exitCode = 3").result;
  expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  // The file is written while the child runs, and closed after it.
  await eventually(async () => readFileSync(join(folder, 'child.log'), 'utf8').includes('# exit 3\n'));
  expect(readFileSync(join(folder, 'child.log'), 'utf8')).toContain('out\n');
});

test('ending the children ends what they have started too', async () => {
  const child = run(
    "const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(c.pid); setInterval(() => {}, 1000)",
  );
  const grandchild = await new Promise<number>((resolve) =>
    child.process.stdout?.once('data', (text) => resolve(Number(text))),
  );
  await endChildren();
  expect((await child.result).exitCode).toBeNull();
  expect(() => process.kill(child.pid, 0)).toThrow('ESRCH');
  // A zombie that nobody reaps would still answer to signal 0, but has no command line left.
  await eventually(async () => commandLineOf(grandchild) === '');
});

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
