import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** TypeScript files below a folder, relative to `root`. */
export function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort();
}

/**
 * The test files that neither start a server nor a process: only those can be
 * run thousands of times. They can be told by what they import, at whatever remove.
 * Nor those that replace a module: all share one registry, where it was loaded before.
 */
export function quickTests(root: string, folders: readonly string[]): string[] {
  const reach = new Map<string, boolean>();
  const isSlow = (file: string): boolean => {
    const name = relative(root, file);
    if (name.startsWith('lab/')) return true;
    // A circle of imports adds nothing to what its first file reaches.
    if (!reach.has(file)) {
      reach.set(file, false);
      const text = readFileSync(file, 'utf8');
      reach.set(file, text.includes('node:child_process') || importsOf(file, text).some(isSlow));
    }
    return reach.get(file)!;
  };
  return folders
    .flatMap((folder) => sourcesIn(root, folder))
    .filter((name) => name.endsWith('.test.ts') && !isSlow(join(root, name)) && !replaces(join(root, name)));
}

const replaces = (file: string): boolean => /^\s*jest\.(?:do)?mock\(/im.test(readFileSync(file, 'utf8'));

function importsOf(file: string, text: string): string[] {
  const names = [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gms)].map((match) => match[1]!);
  return names.map((name) => `${join(dirname(file), name)}.ts`).filter((path) => existsSync(path));
}
