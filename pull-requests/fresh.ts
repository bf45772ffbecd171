import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertNoStackLeft } from '../environments/left-stacks';
import { loadEnvironments } from '../environments/loader';
import { OperatorError } from '../errors/operator-error';
import { buildApp } from '../stacks/app';

/** Refuses committed JSON that is not what the environment files say. Writes nothing there. */
export function assertFresh(committed: string): string[] {
  const environments = loadEnvironments();
  assertNoStackLeft(committed, environments);
  const fresh = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    buildApp(environments, fresh).synth();
    const [now, there] = [stacksIn(join(fresh, 'stacks')), stacksIn(committed)];
    const stale = [...now].filter(([stack, json]) => there.get(stack) !== json).map(([stack]) => stack);
    if (stale.length > 0) throw notFresh(committed, stale);
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

function notFresh(directory: string, stale: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'STACKS_STALE',
    seen: `The committed JSON is stale or missing of ${stale.join(', ')}.`,
    why: 'What is reviewed is what Terraform runs only as long as both are the same.',
    next: `Run: npm run synth, review the difference in ${directory}, and commit it.`,
  });
}
