import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './results';

const ROOT = join(__dirname, '..', '..');
const COPIED = ['sql-runner', 'stacks', 'environments', 'contract', 'errors', 'test', 'jest.config.js', 'package.json'];

/** A copy of the project in which the given files hold all their mutants. Remove it afterwards. */
export function makeSandbox(files: readonly string[]): { directory: string; mutants: Mutant[] } {
  // Inside of the project, where modules are found; hidden, so that no other tool takes it for sources.
  mkdirSync(join(ROOT, '.mutants'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, '.mutants', 'run-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(directory, name), { recursive: true });
  execFileSync(process.execPath, [join(__dirname, 'instrument.mjs'), directory, ...files], { stdio: 'inherit' });
  const mutants = JSON.parse(readFileSync(join(directory, 'mutants.json'), 'utf8')) as Mutant[];
  return { directory, mutants };
}

export function removeSandbox(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
