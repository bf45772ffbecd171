import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { SQL_RUNNER } from '../../lab/demo/toolchain';
import { program } from '../../sql-runner/program';

/** What sql-runner tells of itself, as processes of their own; the completion scripts in the shells that there are. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sql runner completion '));
  for (const stack of ['dev-source', 'dev-target', 'prod-source', 'staging-target'])
    mkdirSync(join(folder, 'stacks', stack), { recursive: true });
  writeFileSync(join(folder, 'my plan.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(command: string, ...args: string[]): SpawnSyncReturns<string> {
  const env = { PATH: process.env.PATH, HOME: folder, STACKS_DIR: 'stacks' };
  return spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
}

function run(...args: string[]): string {
  const { status, stdout, stderr } = start(process.execPath, SQL_RUNNER, ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** Each word as a shell has to find it in the script: those of commands, and of every option. */
function words(): string[] {
  const root = program(() => undefined);
  const options = root.commands.flatMap((command) => command.options).map(({ long }) => long!.slice(2));
  return [...root.commands.map((command) => command.name()), 'version', 'help', ...options];
}

const SHELLS = ['bash', 'zsh', 'fish'] as const;

test.each(SHELLS)('the script of %s has every command and option, and the shell, where it is, reads it', (shell) => {
  const script = run('completion', shell);
  expect(words().length).toBeGreaterThan(30);
  expect(words().filter((word) => !script.includes(word))).toEqual([]);
  const file = join(folder, `script.${shell}`);
  writeFileSync(file, script);
  const read = start(shell, '-n', file);
  // Only bash is on every machine that this project is for.
  if (shell !== 'bash' && read.error !== undefined) return;
  expect({ status: read.status, stderr: read.stderr }).toEqual({ status: 0, stderr: '' });
});

/** What bash offers for the last of the words. */
function offered(...typed: string[]): string[] {
  const script = join(folder, 'completion.bash');
  writeFileSync(script, run('completion', 'bash'));
  const ask = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sql_runner; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = start('bash', '-c', ask, script, ...typed);
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

test.each<[string[], string[]]>([
  [['pl'], ['plan']],
  [['--v'], ['--version']],
  [
    ['plan', ''],
    ['dev', 'prod'],
  ],
  [['plan', 'p'], ['prod']],
  [['plan', '--det'], ['--detailed-exitcode']],
  [['plan', 'dev', '--out', 'my'], ['my plan.json']],
  [['plan', '--stacks-dir', 'st'], ['stacks']],
  [['apply', 'my'], ['my plan.json']],
  [['status', 'dev', '--m'], ['--max-lag']],
  [['verify', '--concurrency', ''], []],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['help', 'tear'], ['teardown']],
  [['nonsense', ''], []],
])('bash offers for %j: %j', (typed, expected) => {
  expect(offered('sql-runner', ...typed)).toEqual(expected);
});

test('the version, and the help of all and of one command', () => {
  expect(run('--version')).toBe(`${version}\n`);
  expect(run('help')).toContain('Usage: sql-runner [options] [command]');
  expect([run('help', 'plan'), run('plan', '--help')]).toEqual(
    Array(2).fill(expect.stringContaining('Usage: sql-runner plan [options] <environment>')),
  );
});

test.each<[string[], RegExp, string]>([
  [['plan', 'dev', '--jsn'], /^unknown option '--jsn' \(Did you mean --json\?\)$/, 'sql-runner plan --help'],
  [['pln', 'dev'], /^unknown command 'pln' \(Did you mean plan\?\)$/, 'sql-runner --help'],
  [['help', 'pln'], /^unknown command 'pln' \(Did you mean plan\?\)$/, 'sql-runner --help'],
  [['help', 'xyzxyz'], /^unknown command 'xyzxyz' \(it is one of doctor, plan, .*help\)$/, 'sql-runner --help'],
  [['status'], /^missing required argument 'environment'$/, 'sql-runner status --help'],
  [['completion', 'tcsh'], /'tcsh'.*Allowed choices are bash, zsh, fish/, 'sql-runner --help'],
])('%j is a coded error, for scripts too, and ends with 1', (args, seen, help) => {
  const plain = start(process.execPath, SQL_RUNNER, ...args);
  expect([plain.status, plain.stdout]).toEqual([1, '']);
  expect(plain.stderr).toMatch(
    /^Error USAGE_INVALID\n {2}.*\n {2}Why it matters: .*\n {2}What to do: .*\n {2}Run: [0-9a-f-]{36}\n$/,
  );
  const { status, stdout } = start(process.execPath, SQL_RUNNER, ...args, '--json');
  const error = JSON.parse(stdout) as { code: string; seen: string; next: string };
  expect([status, error.code, error.next]).toEqual([1, 'USAGE_INVALID', `${help} shows what it takes`]);
  expect(/^unknown option '--json'/.test(error.seen) || seen.test(error.seen)).toBe(true);
});
