import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { nearest } from '../errors/nearest';
import { OperatorError } from '../errors/operator-error';
import { FOLDER } from './folder';
import { unreadable } from './unreadable';

const ENDINGS = ['.yaml', '.yml'];

/** Where the environment files are: `ENVIRONMENTS_DIR`, or this folder. */
export function environmentsDirectory(): string {
  return process.env['ENVIRONMENTS_DIR'] || FOLDER;
}

/** The environment that a file of this name describes. */
export function environmentOf(file: string): string {
  return basename(file, extname(file));
}

/** The environment files of a directory, as paths sorted by name. */
export function listEnvironments(directory: string = environmentsDirectory()): string[] {
  let entries: string[];
  try {
    entries = readdirSync(directory);
  } catch (cause) {
    throw unreadable(directory, cause);
  }
  const files = entries.filter((entry) => ENDINGS.includes(extname(entry))).sort();
  const twice = files.find((file, index) => environmentOf(file) === environmentOf(files[index + 1] ?? ''));
  if (twice !== undefined) throw describedTwice(environmentOf(twice), directory);
  return files.map((file) => join(directory, file));
}

/** The path of the file that describes an environment. Throws when there is none. */
export function environmentFile(name: string, directory: string = environmentsDirectory()): string {
  const files = listEnvironments(directory);
  const file = files.find((candidate) => environmentOf(candidate) === name);
  if (file !== undefined) return file;
  const known = files.map(environmentOf);
  const meant = nearest(name, known);
  throw new OperatorError({
    code: 'ENVIRONMENT_UNKNOWN',
    seen: `There is no environment "${name}" in ${directory}.`,
    why: 'An environment is described in a file of its name.',
    next:
      meant === undefined
        ? `Known: ${known.join(', ') || 'none'}. Copy example.yaml to start one.`
        : `Did you mean "${meant}"?`,
  });
}

function describedTwice(name: string, directory: string): OperatorError {
  return new OperatorError({
    code: 'ENVIRONMENT_TWICE',
    seen: `There are both ${name}.yaml and ${name}.yml in ${directory}.`,
    why: 'They would make the same stacks, and which of them counts is unclear.',
    next: 'Remove one of the two.',
  });
}
