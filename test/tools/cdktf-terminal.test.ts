import { spawn as start } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';

interface Terminal {
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { exitCode: number }) => void): void;
  write(text: string): void;
}
type Spawn = (file: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) => Terminal;

/** As cdktf asks for it. */
const NAME = '@cdktf/node-pty-prebuilt-multiarch';
const { spawn } = jest.requireActual<{ spawn: Spawn }>(NAME);
const NEVER = new Int32Array(new SharedArrayBuffer(4));
const LINES = Array.from({ length: 300 }, (_, index) => `│ line ${index} of an error that is longer than one read`);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'a terminal '))));
afterEach(() => rmSync(folder, { recursive: true }));

const run = (script: string): Terminal => spawn('sh', ['-c', script], { cwd: folder, env: process.env });

function ended(terminal: Terminal): Promise<{ exitCode: number; text: string }> {
  let text = '';
  terminal.onData((more) => (text += more));
  return new Promise((resolve) => terminal.onExit(({ exitCode }) => resolve({ exitCode, text })));
}

const stateOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '')[0]!;
  } catch {
    return 'gone';
  }
};
const isOver = (pid: number): boolean => ['Z', 'X', 'gone'].includes(stateOf(pid));

test.each([
  ['that nobody had time to read before the program ended', true],
  ['that is read while it is written', false],
])('a text %s is whole', async (_, late) => {
  const terminal = run(`echo $$ > pid; printf '%s\\n' ${LINES.map((line) => `'${line}'`).join(' ')}; exit 3`);
  const result = ended(terminal);
  const pid = (): number => (existsSync(join(folder, 'pid')) ? Number(readFileSync(join(folder, 'pid'), 'utf8')) : 0);
  // As on a machine that gives this process no turn meanwhile; whatever else runs there has its turn.
  const deadline = Date.now() + 10_000;
  while (late && !(pid() > 0 && isOver(pid())) && Date.now() < deadline) Atomics.wait(NEVER, 0, 0, 5);
  expect(await result).toEqual({ exitCode: 3, text: LINES.map((line) => `${line}\r\n`).join('') });
});

test('an answer that is typed in reaches the program', async () => {
  const terminal = run('echo "Enter a value:"; read answer; echo "It is $answer."');
  terminal.onData((text) => text.includes('Enter a value:') && terminal.write('yes\n'));
  expect(await ended(terminal)).toMatchObject({ exitCode: 0, text: expect.stringContaining('It is yes.') as string });
});

test.each([
  ['SIGKILL', 137],
  ['SIGTERM', 143],
])('a program that %s has ended is not one that has succeeded', async (signal, exitCode) => {
  expect(await ended(run(`kill -s ${signal.slice(3)} $$`))).toMatchObject({ exitCode });
});

test('a program whose reader was killed ends too', async () => {
  const code = `const terminal = require(${JSON.stringify(require.resolve(NAME))}).spawn('sh', ['-c', 'echo $$; exec sleep 600'],
    { cwd: '/', env: process.env }); terminal.onData((text) => console.log(text.trim()))`;
  const reader = start(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = (await once(reader.stdout, 'data')) as [Buffer];
  expect(isOver(Number(pid))).toBe(false);
  reader.kill('SIGKILL');
  await once(reader, 'close');
  await eventually(() => Promise.resolve(isOver(Number(pid))));
});
