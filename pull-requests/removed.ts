import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stacksDirectory, type StackJson } from './stack-folders';
import { placeOfState } from './state-place';

/** A stack whose JSON the base has, and this tree has not. */
export interface RemovedStack {
  readonly name: string;
  /** As the base has it. */
  readonly json: string;
}

/** A stack that both have, with its state in another place. */
export interface MovedStack {
  readonly name: string;
  /** As the base has it, and its commit. */
  readonly former: string;
  readonly base: string;
  /** As this tree has it. */
  readonly json: string;
}

export type Removed =
  | {
      readonly kind: 'compared';
      readonly base: string;
      readonly stacks: readonly RemovedStack[];
      readonly moved: readonly MovedStack[];
    }
  | { readonly kind: 'not compared'; readonly why: string };

/** A commit, for `git`: what a change is compared with. Nothing but a workflow knows it. */
const BASE = 'STACKS_BASE';

/**
 * Stacks that a change takes away with the file of their environment, and those whose state it looks for elsewhere. Nothing
 * of the tree itself tells of them, and what is deployed of them stays; so the commits are compared.
 */
export function removedStacks(directory = stacksDirectory(), base = process.env[BASE]): Removed {
  if (!base) return { kind: 'compared', base: '', stacks: [], moved: [] };
  try {
    return { kind: 'compared', base, ...changedSince(base, directory) };
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const why = (stderr ?? String(error)).trim().split('\n')[0]!;
    return { kind: 'not compared', why: `${BASE} is ${base}, and git says: ${why}` };
  }
}

function changedSince(base: string, directory: string) {
  const near = nearest(directory);
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: near, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const inside = join(git('rev-parse', '--show-prefix').trim(), relative(near, directory)).replace(/\/$/, '');
  // `HEAD^1` is another commit for whoever reads it later.
  const commit = git('rev-parse', '--short=12', `${base}^{commit}`).trim();
  const there = git('ls-tree', '-r', '--full-tree', '--name-only', base, `${inside}/`)
    .split('\n')
    .filter((path) => path.endsWith('/cdk.tf.json'))
    .map((path) => relative(inside, dirname(path)))
    .map((name) => ({ name, json: git('show', `${base}:${inside}/${name}/cdk.tf.json`) }));
  const now = (name: string) => join(directory, name, 'cdk.tf.json');
  return {
    stacks: there.filter(({ name }) => !existsSync(now(name))),
    moved: there
      .filter(({ name }) => existsSync(now(name)))
      .map(({ name, json: former }) => ({ name, former, base: commit, json: readFileSync(now(name), 'utf8') }))
      .filter(({ former, json }) => placeIn(former) !== placeIn(json)),
  };
}

const placeIn = (json: string): string => placeOfState(JSON.parse(json) as StackJson);

/** Where the last stack is gone, git keeps no folder. */
const nearest = (directory: string): string => (existsSync(directory) ? directory : nearest(dirname(directory)));
