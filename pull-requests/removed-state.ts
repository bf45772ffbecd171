import { endOf } from '../environments/left-stacks';
import type { StackOutcome } from './comment';
import { heldBy } from './held';
import type { RemovedStack } from './removed';
import { environmentOf } from './stack-folders';

const MOST_NAMED = 5;

/** Whether the state of a stack that a change takes away still has anything. */
export async function stateOfRemoved({ name: stack, json }: RemovedStack): Promise<StackOutcome> {
  const held = await heldBy(stack, json);
  if (held.kind === 'failed') return { stack, kind: 'failed', why: held.why };
  if (held.kind !== 'held') return { stack, kind: 'removed', why: `Not looked at. ${held.why}` };
  const { addresses } = held;
  if (addresses.length === 0) return { stack, kind: 'removed', why: 'Its state has nothing any more.' };
  const named = addresses.slice(0, MOST_NAMED).join(', ');
  return { stack, kind: 'deployed', why: stillThere(stack, addresses.length, named) };
}

function stillThere(stack: string, count: number, named: string): string {
  const environment = environmentOf(stack);
  return `This change removes ${stack}, and its state has ${count} resources, among them ${named}. They would stay, with nobody to change them, and production keeps WAL for the slots that it has. Take ${environment}.yaml and the JSON back into this change, and merge it once this is done: ${endOf([environment])}`;
}
