import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Exit listeners are called within process.exit(), or by nobody's function where a process has come to its end. */
const TELL = `process.on('exit', () => require('node:fs').writeSync(1, new Error().stack));`;
/** As jest's worker waits: told to end, it listens no more. */
const WAIT = `process.on('message', () => process.removeAllListeners('message')); process.send('waits');`;

async function ending(script: string, channel: 'ipc' | 'ignore'): Promise<{ stack: string; exitCode: unknown }> {
  const environment = `require(${JSON.stringify(join(__dirname, 'environment.js'))});`;
  const child = spawn(process.execPath, ['-e', `${environment} ${TELL} ${script}`], {
    stdio: ['ignore', 'pipe', 'inherit', channel],
  });
  let stack = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stack += text));
  child.on('message', () => child.send('end'));
  const [exitCode] = (await once(child, 'close')) as [unknown];
  return { stack, exitCode };
}

test('a worker ends at once when it is told to, with its exit code and its exit listeners', async () => {
  const { stack, exitCode } = await ending(`${WAIT} process.exitCode = 3;`, 'ipc');
  expect(stack).toContain('environment.js');
  expect(exitCode).toBe(3);
});

test('jest itself ends as it would', async () => {
  const { stack, exitCode } = await ending('process.exitCode = 3;', 'ignore');
  expect(stack).toContain('Error');
  expect(stack).not.toContain('environment.js');
  expect(exitCode).toBe(3);
});

test('a worker ends when its jest is gone, whatever it is at', async () => {
  const environment = `require(${JSON.stringify(join(__dirname, 'environment.js'))});`;
  const worker = spawn(process.execPath, ['-e', `${environment} setInterval(() => {}, 1000); process.send('works')`], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(worker, 'message');
  worker.disconnect();
  expect(await once(worker, 'exit')).toEqual([0, null]);
});
