import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stacksDirectory } from './stack-folders';

/** A stack whose JSON the base has, and this tree has not. */
export interface RemovedStack {
  readonly name: string;
  /** As the base has it. */
  readonly json: string;
}

export type Removed =
  | { readonly kind: 'compared'; readonly base: string; readonly stacks: readonly RemovedStack[] }
  | { readonly kind: 'not compared'; readonly why: string };

/** A commit, for `git`: what a change is compared with. Nothing but a workflow knows it. */
const BASE = 'STACKS_BASE';

/**
 * Stacks that a change takes away with the file of their environment. Nothing of the tree itself tells of them, and what is
 * deployed of them stays; so the commits are compared.
 */
export function removedStacks(directory = stacksDirectory(), base = process.env[BASE]): Removed {
  if (!base) return { kind: 'compared', base: '', stacks: [] };
  try {
    return { kind: 'compared', base, stacks: goneSince(base, directory) };
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const why = (stderr ?? String(error)).trim().split('\n')[0]!;
    return { kind: 'not compared', why: `${BASE} is ${base}, and git says: ${why}` };
  }
}

function goneSince(base: string, directory: string): RemovedStack[] {
  const near = nearest(directory);
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: near, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const inside = join(git('rev-parse', '--show-prefix').trim(), relative(near, directory)).replace(/\/$/, '');
  const names = git('ls-tree', '-r', '--full-tree', '--name-only', base, `${inside}/`)
    .split('\n')
    .filter((path) => path.endsWith('/cdk.tf.json'))
    .map((path) => relative(inside, dirname(path)));
  return names
    .filter((name) => !existsSync(join(directory, name, 'cdk.tf.json')))
    .map((name) => ({ name, json: git('show', `${base}:${inside}/${name}/cdk.tf.json`) }));
}

/** Where the last stack is gone, git keeps no folder. */
const nearest = (directory: string): string => (existsSync(directory) ? directory : nearest(dirname(directory)));
