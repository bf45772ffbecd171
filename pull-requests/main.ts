import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { comment, type StackOutcome } from './comment';
import { assertFresh } from './fresh';
import { writeLockFile } from './lock-file';
import { planStack } from './plan-stack';
import { post } from './post';
import { stackFolders, stacksDirectory } from './stack-folders';
import { validateStack } from './validate';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a workflow of pull requests runs; see docs/pull-requests.md. */
function program(): Command {
  const all = new Command('stacks');
  all.command('fresh').action(() => say(`fresh: ${assertFresh(stacksDirectory()).join(', ')}`));
  all.command('validate').argument('[environment...]').action(validate);
  all.command('lock').argument('[environment...]').action(lock);
  all
    .command('plan')
    .argument('[environment...]')
    .requiredOption('--out <file>', 'where the comment goes')
    .option('--cost <file>', 'what npm run cost has said')
    .action(plan);
  all.command('comment').argument('<file>').action(writeComment);
  return all;
}

async function validate(environments: string[]): Promise<void> {
  for (const stack of stackFolders(environments)) {
    const note = await validateStack(stack);
    say(`valid: ${stack.name}`);
    if (note !== undefined) say(`note: ${note}`);
  }
}

async function lock(environments: string[]): Promise<void> {
  for (const stack of stackFolders(environments)) {
    await writeLockFile(stack);
    say(`locked: ${stack.name}`);
  }
}

async function plan(environments: string[], { out, cost }: { out: string; cost?: string }): Promise<void> {
  const outcomes: StackOutcome[] = [];
  for (const stack of stackFolders(environments)) {
    const outcome = await planStack(stack);
    outcomes.push(outcome);
    say(`${outcome.kind}: ${stack.name}`);
  }
  const costs = cost !== undefined && existsSync(cost) ? readFileSync(cost, 'utf8') : undefined;
  writeFileSync(out, comment({ commit: process.env['COMMIT'], outcomes, cost: costs }));
  const failed = outcomes.flatMap((one) => (one.kind === 'failed' ? [`${one.stack}: ${one.why}`] : []));
  if (failed.length > 0) throw planFailed(failed);
}

async function writeComment(file: string): Promise<void> {
  say(`comment ${await post(readFileSync(file, 'utf8'))}`);
}

function planFailed(failed: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'STACK_PLAN_FAILED',
    seen: `Terraform could not plan ${failed.join('\n')}`,
    why: 'What this change would do is not known, and its deploy would fail in the same way.',
    next: 'Correct what Terraform names, and run it again.',
  });
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    process.stderr.write(`${describeOperatorError(error)}\n`);
    process.exitCode = 1;
  });
