import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PROJECT } from '../../../lab/demo/toolchain';

/** Not part of what is cloned, whatever has been run here. */
const OWN = ['.git', '.mutants', 'coverage', 'iam-policies', 'node_modules', 'terraform-state'];
const MADE = /^cdktf\.out\/(?!stacks(?:\/[^/]+(?:\/cdk\.tf\.json)?)?$)/;

/**
 * The project as somebody has it who has just cloned it and run `npm ci`: commands run in it as they stand on the page,
 * and what they write stays there. The packages are those of this checkout; what is kept beside them is not.
 */
export function freshCheckout(folder: string): string {
  cpSync(PROJECT, folder, {
    recursive: true,
    filter: (path) => {
      const inside = relative(PROJECT, path);
      return !OWN.includes(inside) && !MADE.test(inside);
    },
  });
  const packages = join(PROJECT, 'node_modules');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(packages))
    if (name !== '.cache') symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  const author = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
  const git = (...words: string[]) => execFileSync('git', [...author, ...words], { cwd: folder });
  git('init', '-q', '-b', 'main');
  git('add', '--all');
  git('commit', '-q', '-m', 'As it was cloned');
  return folder;
}
