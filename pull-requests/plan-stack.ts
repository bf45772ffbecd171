import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StackOutcome } from './comment';
import { parsePlan } from './plan-json';
import { asPlanRole } from './plan-role';
import { summarize } from './plan-summary';
import { readStack, type StackFolder } from './stack-folders';
import { initialised, terraform } from './terraform';

/** Plans a stack as it would be applied, changes nothing, and keeps nothing: a plan file holds secrets in plain text. */
export async function planStack(stack: StackFolder): Promise<StackOutcome> {
  const elsewhere = plannedElsewhere(stack);
  if (elsewhere !== undefined) return { stack: stack.name, kind: 'waiting', why: elsewhere };
  const kept = mkdtempSync(join(tmpdir(), 'plan-'));
  try {
    return await asPlanRole(stack, () => planInto(stack, join(kept, 'plan')));
  } finally {
    rmSync(kept, { recursive: true });
  }
}

/** Against no state, or one that is not the right one, everything would look as if it were to be made. */
export function plannedElsewhere(stack: StackFolder): string | undefined {
  const { cloud, backend } = readStack(stack).terraform ?? {};
  if (cloud !== undefined) return 'HCP Terraform plans this stack, and shows its plan as a check of its own.';
  const path = backend?.local?.path;
  if (path === undefined || existsSync(resolve(stack.folder, path))) return undefined;
  return 'Not planned: its state is in a file of some machine (backend: local), and not on this one.';
}

function planInto(stack: StackFolder, file: string): Promise<StackOutcome> {
  return initialised(stack, [], async (init): Promise<StackOutcome> => {
    const { name } = stack;
    if (init.code !== 0) return { stack: name, kind: 'failed', why: (init.stderr || init.stdout).trim() };
    // Nobody who deploys has to wait for the plan of a pull request, whose role may not write a lock either.
    const planned = await terraform(stack, 'plan', '-json', '-input=false', '-lock=false', `-out=${file}`);
    const errors = errorsIn(planned.stdout);
    if (planned.code !== 0) {
      const why = errors.join('\n') || planned.stderr.trim() || `terraform plan ended with ${planned.code}.`;
      const waits = errors.length > 0 && errors.every((error) => WAITING.some((pattern) => pattern.test(error)));
      return { stack: name, kind: waits ? 'waiting' : 'failed', why };
    }
    const shown = await terraform(stack, 'show', '-json', file);
    return { stack: name, kind: 'planned', summary: summarize(parsePlan(name, shown.stdout)) };
  });
}

/** What a target says for as long as it is not its turn: stacks/constructs/cluster/clone-ticket-gate.ts, stacks/source-outputs.ts. */
const WAITING: readonly RegExp[] = [
  /No clone ticket for environment \S+\. Run: sql-runner apply/,
  /Stack \S+ lacks outputs: /,
  /Unable to find remote state/,
];

interface UiMessage {
  readonly type?: string;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
}

/** Of the lines of `plan -json` (developer.hashicorp.com/terraform/internals/machine-readable-ui). */
function errorsIn(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as UiMessage)
    .flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []))
    .map(({ summary, detail }) => `${summary}: ${detail}`);
}
