import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stackNames } from '../contract/naming';
import { OperatorError } from '../errors/operator-error';
import { shellWord } from '../errors/shell-word';
import { environmentsDirectory } from './files';
import type { Environment } from './schema';

const STACK = /^(.+)-(source|target)$/;

/**
 * Refuses to go on while there is JSON of a stack whose environment has no file any more. cdktf deletes the folder of each
 * stack that it is not given (cli-core, synth-stack.ts: orphanedDirectories), and says nothing of it, while what was
 * deployed from it stays where it is.
 *
 * @param directory with a folder for each stack
 */
export function assertNoStackLeft(directory: string, environments: readonly Environment[]): void {
  const known = new Set(environments.flatMap(({ name }) => Object.values(stackNames(name))));
  const left = (existsSync(directory) ? readdirSync(directory).sort() : [])
    .filter((stack) => STACK.test(stack) && !known.has(stack))
    .filter((stack) => existsSync(join(directory, stack, 'cdk.tf.json')));
  if (left.length > 0) throw fileGone(directory, left);
}

function fileGone(directory: string, left: readonly string[]): OperatorError {
  const names = [...new Set(left.map((stack) => STACK.exec(stack)![1]!))];
  const files = names.map((name) => `${name}.yaml`);
  return new OperatorError({
    code: 'ENVIRONMENT_FILE_GONE',
    seen: `There is JSON of ${left.join(', ')} in ${directory}, and no file ${files.join(', ')} in ${environmentsDirectory()}.`,
    why: 'A stack without its file is not generated any more, and neither cdktf nor a new checkout knows it. What is deployed of it stays, and production keeps WAL for the slots that it has. So nothing was generated, and nothing deleted.',
    next: wayOut(directory, names, left).join(' '),
  });
}

/**
 * How environments end, as a line that stops where a step fails: a source that is destroyed has no teardown. As it is
 * copied as a whole, it has `npx`: a checkout has neither program on the PATH.
 */
export function endOf(names: readonly string[]): string {
  const ends = names.map((name) => {
    const { source, target } = stackNames(name);
    return `npx sql-runner teardown ${name} && npx cdktf destroy ${target} && npx cdktf destroy ${source}`;
  });
  return ['npm run synth', ...ends].join(' && ');
}

function wayOut(directory: string, names: readonly string[], left: readonly string[]): string[] {
  const folders = left.map((stack) => shellWord(join(directory, stack)));
  return [
    'Put the file back under the name that it had (or correct ENVIRONMENTS_DIR), and run the same command again.',
    `If the environment is to go, do so with the file in its place: ${endOf(names)}.`,
    `Only once that is done, or where it was never deployed, remove the file and what was made of it: rm -r ${folders.join(' ')}`,
  ];
}
