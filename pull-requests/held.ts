import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plannedElsewhere } from './plan-stack';
import { stacksDirectory, type StackJson } from './stack-folders';
import { terraform } from './terraform';

/** What a state has, as far as it can be looked at from here. */
export type Held =
  | { readonly kind: 'held'; readonly addresses: readonly string[] }
  | { readonly kind: 'elsewhere'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Only where its state is, is read from the JSON of a stack; so no provider is needed, and nothing of an account is asked.
 */
export async function heldBy(name: string, json: string): Promise<Held> {
  const directory = stacksDirectory();
  mkdirSync(directory, { recursive: true });
  // Beside the others: a local state is found by a path from there. The name is none of a stack.
  const folder = mkdtempSync(join(directory, '.state-'));
  try {
    const { backend, cloud } = (JSON.parse(json) as StackJson).terraform ?? {};
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: { backend, cloud } }));
    const why = plannedElsewhere({ name, folder });
    return why === undefined ? await lookedAt({ name, folder }) : { kind: 'elsewhere', why };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function lookedAt(stack: { name: string; folder: string }): Promise<Held> {
  const init = await terraform(stack, 'init', '-input=false', '-no-color');
  if (init.code !== 0) return { kind: 'failed', why: (init.stderr || init.stdout).trim() };
  const listed = await terraform(stack, 'state', 'list');
  // A stack that was never deployed has none.
  if (listed.code !== 0 && !/No state file was found/.test(listed.stderr))
    return { kind: 'failed', why: listed.stderr.trim() };
  return {
    kind: 'held',
    addresses: listed.stdout.split('\n').filter((address) => address !== '' && !address.startsWith('data.')),
  };
}
