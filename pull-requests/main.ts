import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { endOf } from '../environments/left-stacks';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { comment, type StackOutcome } from './comment';
import { assertFresh } from './fresh';
import { writeLockFile } from './lock-file';
import { planStack } from './plan-stack';
import { post } from './post';
import { removedStacks, type RemovedStack } from './removed';
import { stateOfRemoved } from './removed-state';
import { environmentOf, stackFolders, stacksDirectory, stacksThere, type StackFolder } from './stack-folders';
import { validateStack } from './validate';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a workflow of pull requests runs; see docs/pull-requests.md. */
function program(): Command {
  const all = new Command('stacks');
  all.command('fresh').action(fresh);
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

function fresh(): void {
  say(`fresh: ${assertFresh(stacksDirectory()).join(', ')}`);
  const removed = removedStacks();
  if (removed.kind === 'not compared') say(notCompared(removed.why));
  else if (removed.stacks.length > 0) say(removal(removed.base, removed.stacks));
}

const notCompared = (why: string): string => `note: not looked whether this change removes stacks. ${why}`;

function removal(base: string, stacks: readonly RemovedStack[]): string {
  const environments = [...new Set(stacks.map(({ name }) => environmentOf(name)))];
  return `note: this change removes ${stacks.map(({ name }) => name).join(', ')}, which ${base} has. Whether anything of that is deployed is not looked at here: npm run stacks:plan asks their states. What is deployed stays, and production keeps WAL for its slots. Before the files go: ${endOf(environments)}`;
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
  const removed = removedStacks();
  if (removed.kind === 'not compared') say(notCompared(removed.why));
  const gone = removed.kind === 'compared' ? removed.stacks : [];
  const outcomes: StackOutcome[] = [];
  for (const work of [
    ...stacksBut(gone, environments).map((stack) => () => planStack(stack)),
    ...gone.map((stack) => () => stateOfRemoved(stack)),
  ]) {
    const outcome = await work();
    outcomes.push(outcome);
    say(`${outcome.kind}: ${outcome.stack}`);
  }
  const costs = cost !== undefined && existsSync(cost) ? readFileSync(cost, 'utf8') : undefined;
  writeFileSync(out, comment({ commit: process.env['COMMIT'], outcomes, cost: costs }));
  const failed = outcomes.flatMap((one) => (one.kind === 'failed' ? [`${one.stack}: ${one.why}`] : []));
  if (failed.length > 0) throw planFailed(failed);
  const deployed = outcomes.flatMap((one) => (one.kind === 'deployed' ? [one.why] : []));
  if (deployed.length > 0) throw stillDeployed(deployed);
}

/** Those that are named and there; where all that is named is removed, none is left to plan. */
function stacksBut(gone: readonly RemovedStack[], environments: readonly string[]): StackFolder[] {
  const removed = gone.map(({ name }) => environmentOf(name));
  const named = environments.filter((name) => !removed.includes(name));
  if (environments.length > 0 && named.length === 0) return [];
  return removed.length > 0 && stacksThere().length === 0 ? [] : stackFolders(named);
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

function stillDeployed(said: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'STACK_STILL_DEPLOYED',
    seen: said.join('\n'),
    why: 'Without its file and JSON a stack is neither planned nor destroyed any more, and nothing else tells of it.',
    next: 'Take the files back into this change, or destroy what is deployed, as it says there, and run it again.',
  });
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    process.stderr.write(`${describeOperatorError(error)}\n`);
    process.exitCode = 1;
  });
