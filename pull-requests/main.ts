import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { endOf } from '../environments/left-stacks';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { comment, type StackOutcome } from './comment';
import { assertFresh } from './fresh';
import { writeLockFile } from './lock-file';
import { fromTo, movesOf, stateOfMoved } from './moved-state';
import { planStack } from './plan-stack';
import { post } from './post';
import { removedStacks, type MovedStack, type RemovedStack } from './removed';
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
  if (removed.kind === 'not compared') return say(notCompared(removed.why));
  if (removed.stacks.length > 0) say(removal(removed.base, removed.stacks));
  if (removed.moved.length > 0) say(moving(removed.moved));
}

const notCompared = (why: string): string =>
  `note: not looked whether this change removes stacks, or names another place for their states. ${why}`;

function moving(moved: readonly MovedStack[]): string {
  const each = moved.map((one) => `that of ${one.name} ${fromTo(one)}`);
  return `note: this change moves the places of states: ${each.join(', ')}. Terraform moves none by itself, and a deploy that finds nothing in the new place makes everything again, beside what is there. Whether anything is deployed is not looked at here: npm run stacks:plan asks both places. Where something is, before any deploy: ${movesOf(moved)}`;
}

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
  const { stacks: gone, moved } = removed.kind === 'compared' ? removed : { stacks: [], moved: [] };
  const planned = stacksBut(gone, environments);
  const outcomes: StackOutcome[] = [];
  for (const work of [
    ...planned.map((stack) => async () => (await unmoved(moved, stack.name)) ?? planStack(stack)),
    ...moved.filter(({ name }) => !planned.some((one) => one.name === name)).map((one) => () => stateOfMoved(one)),
    ...gone.map((stack) => () => stateOfRemoved(stack)),
  ]) {
    const outcome = await work();
    if (outcome === undefined) continue;
    outcomes.push(outcome);
    say(`${outcome.kind}: ${outcome.stack}`);
  }
  const costs = cost !== undefined && existsSync(cost) ? readFileSync(cost, 'utf8') : undefined;
  writeFileSync(out, comment({ commit: process.env['COMMIT'], outcomes, cost: costs }));
  const failed = outcomes.flatMap((one) => (one.kind === 'failed' ? [`${one.stack}: ${one.why}`] : []));
  if (failed.length > 0) throw planFailed(failed);
  const deployed = outcomes.flatMap((one) => (one.kind === 'deployed' ? [one.why] : []));
  if (deployed.length > 0) throw stillDeployed(deployed);
  const left = outcomes.flatMap((one) => (one.kind === 'unmoved' ? [`${one.stack}: ${one.why}`] : []));
  if (left.length > 0) throw notMoved(left);
}

async function unmoved(moved: readonly MovedStack[], stack: string): Promise<StackOutcome | undefined> {
  const found = moved.find(({ name }) => name === stack);
  return found && stateOfMoved(found);
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

function notMoved(said: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'STATE_NOT_MOVED',
    seen: said.join('\n'),
    why: 'Terraform knows what is deployed by its state alone. Production would get a second share, rules and routes, or the deploy would fail half-way.',
    next: 'Move the states as it says there, or take the backend back, and run it again. Let nobody deploy meanwhile.',
  });
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    process.stderr.write(`${describeOperatorError(error)}\n`);
    process.exitCode = 1;
  });
