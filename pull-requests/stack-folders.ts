import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../errors/operator-error';

/** A folder of committed JSON, as Terraform runs in it. */
export interface StackFolder {
  readonly name: string;
  readonly folder: string;
}

/** Of the JSON, what decides whether and how a stack can be planned here. */
export interface StackJson {
  readonly terraform?: {
    readonly cloud?: {
      readonly hostname?: string;
      readonly organization?: string;
      readonly workspaces?: { readonly name?: string };
    };
    readonly backend?: {
      readonly local?: { readonly path?: string };
      readonly s3?: { readonly bucket?: string; readonly key?: string };
    };
  };
}

/** The variable by which sql-runner finds them as well. */
export function stacksDirectory(): string {
  return process.env['STACKS_DIR'] || join(__dirname, '..', 'cdktf.out', 'stacks');
}

export const environmentOf = (stack: string): string => stack.replace(/-(source|target)$/, '');

/** Names of all stacks that there is JSON of. */
export function stacksThere(directory = stacksDirectory()): string[] {
  return (existsSync(directory) ? readdirSync(directory) : [])
    .filter((name) => existsSync(join(directory, name, 'cdk.tf.json')))
    .sort();
}

/** The stacks of these environments, source first; of all where none is named. */
export function stackFolders(environments: readonly string[], directory = stacksDirectory()): StackFolder[] {
  const all = stacksThere(directory);
  const missing = environments.filter((name) => !all.some((stack) => environmentOf(stack) === name));
  if (missing.length > 0 || all.length === 0) {
    throw new OperatorError({
      code: 'STACKS_MISSING',
      seen: `There is no stack of ${missing.join(', ') || 'any environment'} in ${directory}.`,
      why: 'Nothing would be looked at, and that would look like a stack without changes.',
      next: `Run: npm run synth. Stacks there: ${all.join(', ') || 'none'}.`,
    });
  }
  const wanted = all.filter((stack) => environments.length === 0 || environments.includes(environmentOf(stack)));
  return wanted.map((name) => ({ name, folder: join(directory, name) }));
}

export function readStack({ folder }: StackFolder): StackJson {
  return JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as StackJson;
}
