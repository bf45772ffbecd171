import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { program } from '../../sql-runner/program';
import { commandRuns } from './command-runs';
import { commandsIn, documentLines, textsInSources } from './commands';

/** Every command in a message or a document can be typed as it stands there. */
const TEXTS = [
  ...textsInSources(['environments', 'contract', 'errors', 'stacks', 'cost', 'sql-runner', 'lab']),
  ...documentLines(),
];

function each(name: string, verb: RegExp): { file: string; words: string[] }[] {
  return TEXTS.flatMap(({ file, text }) => commandsIn(text, name, verb).map((words) => ({ file, words })));
}

/** The real command line, which does nothing and throws where it would exit. */
function commandLine(): Command {
  const root = program(() => undefined);
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command !== root) command.action(() => undefined);
  }
  return root;
}

/** Why the command line refuses the words; null: it takes them. */
function refusal(words: readonly string[]): string | null {
  const isNumber = (place: number) => words[0] === 'ddl' && place === 3;
  const filled = words.map((word, place) => (!/^<|^[A-Z]{4,}$/.test(word) ? word : isNumber(place) ? '12' : 'dev'));
  // A sentence that only names the command does not say of which environment.
  if (/^ddl check$/.test(filled.join(' '))) filled.push('V1.sql', '--schema-from', 'schema.sql');
  if (filled[0] === 'ddl' && filled.length === 1) filled.push('list');
  if (filled.length === (filled[0] === 'ddl' ? 2 : 1)) filled.push(filled[0] === 'completion' ? 'bash' : 'dev');
  // Nor of which table.
  if (filled[0] === 'resync' && filled.length === 2) filled.push('public.orders');
  if (filled[0] === 'repair' && !filled.includes('--from')) filled.push('--from', 'verify.json');
  try {
    commandLine().parse(filled, { from: 'user' });
    return null;
  } catch (error) {
    return `${words.join(' ')}: ${(error as Error).message}`;
  }
}

const VERBS = program(() => undefined).commands.map((command) => command.name());
/** Of one with several actions, with the action. */
const WITH_ACTIONS = new RegExp(
  VERBS.map((name) => (name === 'ddl' ? 'ddl(?: (?:list|show|apply|skip))?' : name)).join('|'),
);

test('sql-runner takes every command that is printed', () => {
  const found = each('sql-runner', WITH_ACTIONS);
  expect(found.length).toBeGreaterThan(80);
  const distinct = new Set(found.map(({ words }) => words.join(' ')));
  expect([...distinct].flatMap((words) => refusal(words.split(' ')) ?? [])).toEqual([]);
  expect(refusal(['apply', '<environment>', '--yes'])).toContain("unknown option '--yes'");
});

test('and each is run by an end-to-end test as a process of its own, with its options', () => {
  const runs = commandRuns();
  const options = new Set(runs.flat().filter((word) => word.startsWith('--')));
  const printed = [...each('sql-runner', WITH_ACTIONS), ...each('cdktf', /deploy|destroy/)];
  const wanted = printed.map(({ words }) => [words[0]!, ...words.filter((word) => word.startsWith('--'))]);
  // `--output` is of the lab's own guide; the toolchain of the tests adds it to every cdktf.
  const missing = wanted.filter(
    ([verb, ...own]) =>
      !runs.some(([first]) => first === verb) || own.some((one) => one !== '--output' && !options.has(one)),
  );
  expect([...new Set(missing.map((words) => words.join(' ')))]).toEqual([]);
});

test('and what looks like one has a verb of it', () => {
  const unknown = TEXTS.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:`|npx |run )sql-runner (?:-- )?([a-z]+)(?=[ `])/g)]
      .filter(([, verb]) => !VERBS.includes(verb!))
      .map(([command]) => `${file}: ${command}`),
  );
  expect(unknown).toEqual([]);
});

test('cdktf deploys a stack that an environment has', () => {
  const found = each('cdktf', /deploy|destroy|diff|output|synth/);
  expect(found.length).toBeGreaterThan(20);
  const stack = /^(?:<[^>]+>|<[^>]+>-(?:source|target)|(?:dev|demo|example)-(?:source|target))$/;
  const wrong = found.filter(
    ({ words: [verb, name] }) => /deploy|destroy|diff/.test(verb!) && name !== undefined && !stack.test(name),
  );
  expect(wrong).toEqual([]);
});

test('aws has the operation, and its parameter', () => {
  const found = ['rds', 'ssm'].flatMap((service) =>
    each(`aws ${service}`, /(?:wait )?[a-z-]+/).map(({ words }) => ({ service, words })),
  );
  expect(found.length).toBeGreaterThan(5);
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  for (const { service, words } of found) {
    const [verb, ...rest] = words[0] === 'wait' ? [`wait for ${words[1]}`, ...words.slice(2)] : words;
    const { files, members } = typesOf(service);
    expect(files.map(plain)).toContain(plain(verb!.startsWith('wait') ? verb! : `${verb} command`));
    const options = rest.filter((word) => word.startsWith('--')).map(plain);
    expect(options.filter((option) => !members.has(option))).toEqual([]);
  }
});

/** The SDK is made from the same description of the service as the command line of AWS. */
function typesOf(service: string): { files: string[]; members: Set<string> } {
  const types = join(dirname(require.resolve(`@aws-sdk/client-${service}/package.json`)), 'dist-types');
  const list = (folder: string) => readdirSync(join(types, folder)).map((file) => file.replace('.d.ts', ''));
  const models = readdirSync(join(types, 'models')).map((file) => readFileSync(join(types, 'models', file), 'utf8'));
  const members = [...models.join('\n').matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name!.toLowerCase());
  return { files: [...list('commands'), ...list('waiters')], members: new Set(members) };
}

test('npm has the script', () => {
  const { scripts } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const found = each('npm run', /(?:-s )?[\w:-]+/).map(({ words }) => words.find((word) => !word.startsWith('-'))!);
  expect(found.length).toBeGreaterThan(20);
  expect(found.map((name) => name.split(' ').at(-1)!).filter((name) => scripts[name] === undefined)).toEqual([]);
});
