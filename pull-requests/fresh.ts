import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../environments/loader';
import { OperatorError } from '../errors/operator-error';
import { buildApp } from '../stacks/app';

/** Refuses committed JSON that is not what the environment files say. Writes nothing there. */
export function assertFresh(committed: string): string[] {
  const fresh = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    buildApp(loadEnvironments(), fresh).synth();
    const [now, there] = [stacksIn(join(fresh, 'stacks')), stacksIn(committed)];
    const stale = [...now].filter(([stack, json]) => there.get(stack) !== json).map(([stack]) => stack);
    const left = [...there.keys()].filter((stack) => !now.has(stack));
    if (stale.length > 0 || left.length > 0) throw notFresh(committed, stale, left);
    return [...now.keys()];
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

function stacksIn(directory: string): Map<string, string> {
  const files = (existsSync(directory) ? readdirSync(directory).sort() : [])
    .map((stack) => [stack, join(directory, stack, 'cdk.tf.json')] as const)
    .filter(([, file]) => existsSync(file));
  return new Map(files.map(([stack, file]) => [stack, readFileSync(file, 'utf8').trimEnd()]));
}

function notFresh(directory: string, stale: readonly string[], left: readonly string[]): OperatorError {
  const seen = [
    ...(stale.length === 0 ? [] : [`is stale or missing of ${stale.join(', ')}`]),
    ...(left.length === 0 ? [] : [`is left of ${left.join(', ')}, of which there is no environment file`]),
  ];
  const remove = left.map((stack) => ` Once the stack is destroyed: git rm -r ${join(directory, stack)}.`).join('');
  return new OperatorError({
    code: 'STACKS_STALE',
    seen: `The committed JSON ${seen.join('; it ')}.`,
    why: 'What is reviewed is what Terraform runs only as long as both are the same.',
    next: `Run: npm run synth, review the difference in ${directory}, and commit it.${remove}`,
  });
}
