import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'yaml';

const PROJECT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly if?: string;
  readonly permissions: Record<string, string>;
  readonly steps: readonly Step[];
}
interface GitHub {
  readonly on: Record<string, unknown>;
  readonly permissions: object;
  readonly jobs: Record<'json' | 'plan', Job>;
}
interface GitLabJob {
  readonly script: readonly string[];
  readonly rules: readonly { readonly if: string }[];
  readonly variables: Record<string, string | number>;
}
interface GitLab {
  readonly json: GitLabJob;
  readonly plan: GitLabJob;
}
const text = read('.github/workflows/pull-request.yml');
const github = parse(text) as GitHub;
const gitlab = parse(read('ci/gitlab-ci.yml'), { merge: true }) as GitLab;
const jobs = Object.values(github.jobs);

/** The file and all of the project that it imports, by their paths in it. */
function importedBy(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, target] of read(file).matchAll(/from '(\.[^']*)'/g))
    importedBy(`${relative(PROJECT, join(PROJECT, dirname(file), target!))}.ts`, known);
  return known;
}

test('whatever the JSON is made from starts the workflow', () => {
  const { paths } = (github.on as { pull_request: { paths: string[] } }).pull_request;
  const starts = (file: string) =>
    paths.some((path) => (path.endsWith('/**') ? file.startsWith(path.slice(0, -2)) : file === path));
  const files = importedBy('main.ts');
  expect(files.size).toBeGreaterThan(50);
  const others = ['package.json', 'package-lock.json', 'cdktf.json', 'pull-requests/fresh.ts'];
  expect([...files, ...others].filter((file) => !starts(file))).toEqual([]);
  // And nothing stands there that is not.
  const folders = new Set([...files, ...others].map((file) => file.split('/')[0]));
  const named = paths.map((path) => path.replace('/**', ''));
  expect(named.filter((name) => !folders.has(name))).toEqual(['cdktf.out', '.github/workflows']);
});

test('a fork is never planned, and never given a right', () => {
  // The other event would run its code with secrets.
  expect(Object.keys(github.on)).toEqual(['pull_request']);
  expect(github.jobs.plan.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  expect(gitlab.plan.rules).toHaveLength(1);
  expect(gitlab.plan.rules[0]!.if).toContain('$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID');
});

test('each job has the rights that it needs, and no other', () => {
  expect(github.permissions).toEqual({});
  expect(github.jobs.json.permissions).toEqual({ contents: 'read' });
  expect(github.jobs.plan.permissions).toEqual({
    contents: 'read',
    'id-token': 'write',
    'pull-requests': 'write',
  });
});

test('no secret is named, no key of AWS, and nothing of a pull request stands in a command', () => {
  expect(text).not.toMatch(/secrets\.|AWS_SECRET|AWS_ACCESS_KEY/);
  for (const { run = '' } of jobs.flatMap(({ steps }) => steps)) expect(run).not.toContain('${{');
});

test('what checks out leaves no token there, and Terraform is not wrapped', () => {
  const uses = (name: string) => jobs.flatMap(({ steps }) => steps.filter((step) => step.uses?.startsWith(name)));
  expect(uses('actions/checkout@').map((step) => step.with)).toEqual(
    jobs.map(() => ({ 'persist-credentials': false, 'fetch-depth': 2 })),
  );
  expect(uses('hashicorp/setup-terraform@').map((step) => step.with?.terraform_wrapper)).toEqual([false, false]);
});

test('both run the scripts that there are, and the same ones', () => {
  const named = (commands: readonly string[]): string[] =>
    commands.flatMap((command) => [...command.matchAll(/npm run (?:-[\w-]+ )*([\w:]+)/g)].map(([, name]) => name!));
  const onGitHub = named(jobs.flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run)));
  expect(named([...gitlab.json.script, ...gitlab.plan.script])).toEqual(onGitHub);
  expect(onGitHub).toContain('stacks:plan');
  expect(onGitHub.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('both know what the change is compared with, and have that commit', () => {
  const steps = jobs.flatMap((job) => job.steps.filter(({ run }) => /stacks:(fresh|plan)/.test(run ?? '')));
  // Of the merge that GitHub checks out it is the first parent.
  expect(steps.map(({ env }) => env?.['STACKS_BASE'])).toEqual(['HEAD^1', 'HEAD^1']);
  for (const { variables } of [gitlab.json, gitlab.plan])
    expect(variables).toMatchObject({ GIT_DEPTH: 0, STACKS_BASE: '$CI_MERGE_REQUEST_DIFF_BASE_SHA' });
});
