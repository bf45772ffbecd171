import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperatorError } from '../../errors/operator-error';
import { program } from '../../sql-runner/program';
import { sourceContract } from './support/contract';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sql runner program '));
  await writeFile(join(directory, 'source.json'), JSON.stringify(sourceContract()));
  await writeFile(join(directory, 'garbage.json'), 'garbage');
});
afterAll(() => rm(directory, { recursive: true }));

/** Parses as the command line does, but throws instead of ending the process. */
function run(...args: string[]): Promise<unknown> {
  const root = program(() => undefined);
  for (const command of [root, ...root.commands]) command.exitOverride().configureOutput({ writeErr: () => undefined });
  return root.parseAsync(
    args.map((arg) => arg.replace('DIR', directory)),
    { from: 'user' },
  );
}

test.each<[string, string[], RegExp]>([
  ['an unknown verb', ['pln', 'demo'], /unknown command 'pln'\s+\(Did you mean plan\?\)/],
  ['an unknown flag', ['plan', 'demo', '--jsn'], /unknown option '--jsn'\s+\(Did you mean --json\?\)/],
  ['no environment', ['plan'], /missing required argument 'environment'/],
  ['too much', ['plan', 'demo', 'staging'], /too many arguments/],
  [
    'a time that is no number',
    ['apply', 'demo', '--lock-timeout', 'soon'],
    /--lock-timeout <seconds>.*'soon'.*a number, zero or more, is needed/,
  ],
  ...['0', '2.5', '-1', 'many', '1e1', '17', '200', ''].map((text): [string, string[], RegExp] => [
    `${text || 'nothing'} tables at a time`,
    ['verify', 'demo', '--concurrency', text],
    /--concurrency <tables>.*a whole number from 1 to 16 is needed/,
  ]),
  ...['0.001', '-1', 'long', ' '].map((text): [string, string[], RegExp] => [
    `a limit of ${text}`,
    ['verify', 'demo', '--statement-timeout', text],
    /--statement-timeout <seconds>.*0, or a number from 1 on, is needed/,
  ]),
  ...['100', '10m', 'much'].map((text): [string, string[], RegExp] => [
    `a lag of ${text}`,
    ['status', 'demo', '--max-lag', text],
    /--max-lag <size\|time>.*a size or a time with its unit is needed/,
  ]),
  [
    'a limit that does not count',
    ['status', 'demo', '--exit-zero', '--max-lag', '1MB'],
    /'--exit-zero' cannot be used with option '--max-lag/,
  ],
  ['a negative time', ['apply', 'demo', '--sync-timeout', '-1'], /a number, zero or more, is needed/],
])('%s is refused before anything is read', async (_, args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});

test.each<[string, string[], object]>([
  [
    'outputs of another environment',
    ['plan', 'staging', '--outputs', 'DIR/source.json'],
    { code: 'ENVIRONMENT_UNKNOWN', seen: expect.stringContaining('there are the environments demo') },
  ],
  ['outputs that are no JSON', ['status', 'demo', '--outputs', 'DIR/garbage.json'], { code: 'OUTPUTS_UNREADABLE' }],
  [
    'a plan file that is not there',
    ['apply', 'DIR/missing.plan.json'],
    { code: 'PLAN_FILE_UNREADABLE', seen: expect.stringContaining('missing.plan.json') },
  ],
  ['an environment called as a folder is', ['apply', 'test', '--stacks-dir', 'DIR'], { code: 'SOURCE_NOT_DEPLOYED' }],
  [
    'verify before the clone',
    ['verify', 'demo', '--outputs', 'DIR/source.json'],
    { code: 'TARGET_NOT_DEPLOYED', next: expect.stringContaining('sql-runner plan demo') },
  ],
  [
    'teardown of what is not deployed',
    ['teardown', 'demo', '--stacks-dir', 'DIR'],
    { code: 'SOURCE_NOT_DEPLOYED', next: 'cdktf deploy demo-source' },
  ],
])('%s', async (_, args, error) => {
  await expect(run(...args)).rejects.toMatchObject(error);
});

test('a name that is that of a file and of an environment is refused, and the file can be named', async () => {
  const before = process.cwd();
  process.chdir(directory);
  try {
    await writeFile('demo', '{}');
    await expect(run('apply', 'demo')).rejects.toMatchObject({ code: 'PLAN_FILE_UNREADABLE' });
    await mkdir('stacks/demo-source', { recursive: true });
    const refused = await run('apply', 'demo', '--stacks-dir', 'stacks').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'PLAN_FILE_AMBIGUOUS' });
    const [, file] = /with its folder: (\S+);/.exec((refused as OperatorError).next)!;
    await expect(run('apply', file!, '--stacks-dir', 'stacks')).rejects.toMatchObject({
      code: 'PLAN_FILE_UNREADABLE',
      seen: expect.stringContaining('demo is not a plan'),
    });
    await rm('demo');
  } finally {
    process.chdir(before);
  }
});

test('every verb shows an example of itself', () => {
  for (const command of program(() => undefined).commands) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(new RegExp(`Example:\n  (source <\\()?sql-runner ${command.name()} `));
  }
});
