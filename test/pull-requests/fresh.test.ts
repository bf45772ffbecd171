import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertFresh } from '../../pull-requests/fresh';
import { removedStacks } from '../../pull-requests/removed';

const PROJECT = join(__dirname, '../..');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fresh '));
  process.env['ENVIRONMENTS_DIR'] = join(directory, 'environments');
  for (const name of ['demo', 'example'])
    cpSync(join(PROJECT, `environments/${name}.yaml`), join(directory, `environments/${name}.yaml`));
});
afterEach(() => {
  delete process.env['ENVIRONMENTS_DIR'];
  rmSync(directory, { recursive: true });
});

test('the JSON of an environment whose file is gone is no stale JSON that a synth mends', () => {
  const committed = join(PROJECT, 'cdktf.out/stacks');
  rmSync(join(directory, 'environments/demo.yaml'));
  expect(() => assertFresh(committed)).toThrow(
    expect.objectContaining({
      code: 'ENVIRONMENT_FILE_GONE',
      seen: `There is JSON of demo-source, demo-target in ${committed}, and no file demo.yaml in ${directory}/environments.`,
    }),
  );
});

/** A repository in which the stacks of two environments were committed, below another folder as well as at its root. */
function committedIn(...path: string[]): { stacks: string; git: (...words: string[]) => void } {
  const author = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
  const git = (...words: string[]): void => void execFileSync('git', [...author, ...words], { cwd: directory });
  const stacks = join(directory, ...path, 'stacks');
  cpSync(join(PROJECT, 'cdktf.out/stacks'), stacks, {
    recursive: true,
    filter: (file) => !file.includes('.terraform'),
  });
  git('init', '-q', '-b', 'main');
  git('add', '--all');
  git('commit', '-q', '-m', 'Both');
  return { stacks, git };
}
const named = (removed: ReturnType<typeof removedStacks>) =>
  removed.kind === 'compared' ? removed.stacks.map(({ name }) => name) : removed.why;

test.each([[[]], [['deep', 'cdktf.out']]])('what a change removes with its file is found in git, below %j', (path) => {
  const { stacks, git } = committedIn(...path);
  expect(named(removedStacks(stacks, 'HEAD'))).toEqual([]);
  for (const side of ['source', 'target']) rmSync(join(stacks, `demo-${side}`), { recursive: true });
  rmSync(join(directory, 'environments/demo.yaml'));
  // Of the tree itself all is well.
  expect(assertFresh(stacks)).toEqual(['example-source', 'example-target']);
  const removed = removedStacks(stacks, 'HEAD');
  expect(named(removed)).toEqual(['demo-source', 'demo-target']);
  expect(removed).toMatchObject({
    stacks: [{ json: expect.stringContaining('terraform-state/demo-source.tfstate') }, {}],
  });
  git('commit', '-q', '-a', '-m', 'One');
  expect(named(removedStacks(stacks, 'HEAD'))).toEqual([]);
  expect(named(removedStacks(stacks, 'HEAD^1'))).toEqual(['demo-source', 'demo-target']);
  rmSync(stacks, { recursive: true });
  expect(named(removedStacks(stacks, 'HEAD'))).toEqual(['example-source', 'example-target']);
});

test('what cannot be compared is said, and without a base nothing is', () => {
  const { stacks } = committedIn();
  expect(named(removedStacks(stacks, 'of-another-clone'))).toMatch(
    /^STACKS_BASE is of-another-clone, and git says: fatal/,
  );
  rmSync(join(directory, '.git'), { recursive: true });
  expect(named(removedStacks(stacks, 'HEAD'))).toMatch(
    /^STACKS_BASE is HEAD, and git says: fatal: not a git repository/,
  );
  expect(removedStacks(stacks, '')).toEqual({ kind: 'compared', base: '', stacks: [], moved: [] });
});
