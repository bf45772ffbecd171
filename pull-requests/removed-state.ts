import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf } from '../environments/left-stacks';
import type { StackOutcome } from './comment';
import { plannedElsewhere } from './plan-stack';
import type { RemovedStack } from './removed';
import { environmentOf, stacksDirectory, type StackJson } from './stack-folders';
import { terraform } from './terraform';

const MOST_NAMED = 5;

/**
 * Whether the state of a stack that a change takes away still has anything. Only where its state is, is read from the
 * base; so no provider is needed, and nothing of an account is asked.
 */
export async function stateOfRemoved({ name, json }: RemovedStack): Promise<StackOutcome> {
  const directory = stacksDirectory();
  mkdirSync(directory, { recursive: true });
  // Beside the others: a local state is found by a path from there. The name is none of a stack.
  const folder = mkdtempSync(join(directory, '.state-'));
  try {
    const { backend, cloud } = (JSON.parse(json) as StackJson).terraform ?? {};
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: { backend, cloud } }));
    const elsewhere = plannedElsewhere({ name, folder });
    if (elsewhere !== undefined) return { stack: name, kind: 'removed', why: `Not looked at. ${elsewhere}` };
    return await lookedAt({ name, folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function lookedAt(stack: { name: string; folder: string }): Promise<StackOutcome> {
  const { name } = stack;
  const init = await terraform(stack, 'init', '-input=false', '-no-color');
  if (init.code !== 0) return { stack: name, kind: 'failed', why: (init.stderr || init.stdout).trim() };
  const listed = await terraform(stack, 'state', 'list');
  // A stack that was never deployed has none.
  if (listed.code !== 0 && !/No state file was found/.test(listed.stderr))
    return { stack: name, kind: 'failed', why: listed.stderr.trim() };
  const held = listed.stdout.split('\n').filter((address) => address !== '' && !address.startsWith('data.'));
  if (held.length === 0) return { stack: name, kind: 'removed', why: 'Its state has nothing any more.' };
  const named = held.slice(0, MOST_NAMED).join(', ');
  return { stack: name, kind: 'deployed', why: stillThere(name, held.length, named) };
}

function stillThere(stack: string, count: number, named: string): string {
  const environment = environmentOf(stack);
  return `This change removes ${stack}, and its state has ${count} resources, among them ${named}. They would stay, with nobody to change them, and production keeps WAL for the slots that it has. Take ${environment}.yaml and the JSON back into this change, and merge it once this is done: ${endOf([environment])}`;
}
