import { join } from 'node:path';
import { shellWord } from '../errors/shell-word';
import type { StackOutcome } from './comment';
import { heldBy } from './held';
import type { MovedStack } from './removed';
import { stacksDirectory, type StackJson } from './stack-folders';
import { isOnHcp, placeOfState } from './state-place';

/**
 * Whether the state of a stack has followed its backend. Undefined: it has, or there is none, and the stack can be planned
 * as any other. Against an empty state all of it would look as if it were to be made, and a deploy would make it twice.
 */
export async function stateOfMoved(moved: MovedStack): Promise<StackOutcome | undefined> {
  const { name: stack, former, json } = moved;
  const [before, now] = [await heldBy(stack, former), await heldBy(stack, json)];
  for (const held of [before, now]) if (held.kind === 'failed') return { stack, kind: 'failed', why: held.why };
  if (now.kind === 'held' && now.addresses.length > 0) return undefined;
  if (before.kind === 'held' && before.addresses.length === 0) return undefined;
  const why = `This change moves its state ${fromTo(moved)}.`;
  // A file that is not here yet is where the state comes to, if the former one is here.
  const isHere =
    now.kind === 'held' || (parsed(former).terraform?.backend?.local && parsed(json).terraform?.backend?.local);
  if (before.kind === 'held' && isHere)
    return {
      stack,
      kind: 'unmoved',
      why: `${why} There are ${before.addresses.length} resources in the former one, and none in the new one: a deploy would make all of ${stack} again, beside what is there. Move the state before: ${movesOf([moved])}`,
    };
  return {
    stack,
    kind: 'waiting',
    why: `${why} Whether that was done cannot be seen from here. If not: ${movesOf([moved])}`,
  };
}

export const fromTo = ({ former, json }: MovedStack): string =>
  `from ${placeOfState(parsed(former))} to ${placeOfState(parsed(json))}`;

/**
 * How states get where the JSON now says: Terraform only moves what it was initialised with before, and a fresh checkout
 * was with nothing (developer.hashicorp.com/terraform/cli/commands/init, "Backend Initialization").
 */
export function movesOf(moved: readonly MovedStack[]): string {
  if (moved.some(({ former, json }) => isOnHcp(parsed(former)) || isOnHcp(parsed(json))))
    return 'docs/pull-requests.md says how, to and from HCP Terraform ("Another backend").';
  return moved
    .map(({ name, base }) => {
      const folder = shellWord(join(stacksDirectory(), name));
      return `(cd ${folder} && git show ${base}:./cdk.tf.json > cdk.tf.json && terraform init -reconfigure && git checkout -- cdk.tf.json && terraform init -migrate-state)`;
    })
    .join(' && ');
}

const parsed = (json: string): StackJson => JSON.parse(json) as StackJson;
