import { Option, type Command } from 'commander';
import { limit, seconds } from './option-values';
import { overwriteOption, pruneOption } from './large-object-options';
import { headroomOption, putBackOption } from './sequence-options';
import { verb, type Report } from './verb';

/** The verbs that show a plan, ask, and carry it out. */

export function applyCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'apply',
    'carry out the plan, then wait until the clone is in sync',
    'sql-runner apply dev --allow-reboot',
  )
    .argument('<environment|plan-file>', 'name of the environment, or a plan saved with plan --out')
    .option('--allow-reboot', 'consent to a reboot of the source writer', false);
  runOptions(command).action(async (subject: string, options) =>
    report(await (await import('./commands/apply')).apply(subject, options)),
  );
}

export function holdCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'hold',
    'pause the streams by consent, around an upgrade or a maintenance of production',
    'sql-runner hold dev && sql-runner resume dev',
  )
    .argument('<environment>', 'name of the environment')
    .option('--release-slots', 'drop the slots too: production keeps no WAL, and a new clone is needed', false);
  const drained = 'how long to wait until the clone has all up to now; without that nothing is held';
  runOptions(command, drained).action(async (environment: string, options) =>
    report(await (await import('./commands/hold')).hold(environment, options)),
  );
}

export function resumeCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'resume',
    'let streams go on that were held, where that is safe, compare every row of what nobody looked at, and wait until the clone is in sync',
    'sql-runner resume dev',
  )
    .argument('<environment>', 'name of the environment')
    .option('--allow-reboot', 'consent to a reboot of the source writer', false);
  runOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/resume')).resume(environment, options)),
  );
}

export function rotateCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'rotate',
    'give the replication role a new password, while the streams go on',
    'sql-runner rotate dev',
  ).argument('<environment>', 'name of the environment');
  runOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/rotate')).rotate(environment, options)),
  );
}

export function sequencesCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'sequences',
    'set the sequences of the clone to where those of the source stand, which replication leaves out',
    'sql-runner sequences dev --headroom 10000',
  )
    .argument('<environment>', 'name of the environment')
    .addOption(headroomOption())
    .addOption(putBackOption());
  changeOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/sequences')).sequences(environment, options)),
  );
}

export function refreshCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'refresh',
    'refresh materialized views of the clone, which replication leaves out, without blocking their readers where that can be',
    'sql-runner refresh dev public.sales',
  )
    .argument('<environment>', 'name of the environment')
    .argument('[views...]', 'materialized views, as schema.name; all of them, unless some are named')
    .option('--database <name>', 'only those of this database')
    .option('--statement-timeout <seconds>', 'limit of one refresh; 0: none', limit, 0);
  changeOptions(command).action(async (environment: string, views: string[], options) =>
    report(await (await import('./commands/refresh')).refresh(environment, views, options)),
  );
}

export function largeObjectsCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'large-objects',
    'copy large objects to the clone, which replication leaves out: those that it lacks and those that differ',
    'sql-runner large-objects dev --auto-approve',
  )
    .argument('<environment>', 'name of the environment')
    .option('--database <name>', 'only those of this database')
    .addOption(pruneOption())
    .addOption(overwriteOption());
  changeOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/large-objects')).largeObjects(environment, options)),
  );
}

export function skipCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'skip',
    'leave out the one transaction that a stream fails on, once you have seen what it holds',
    'sql-runner skip dev',
  ).argument('<environment>', 'name of the environment');
  changeOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/skip')).skip(environment, options)),
  );
}

export function resyncCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'resync',
    'copy single tables anew, and hand them over to their streams without a gap',
    'sql-runner resync dev public.orders public.lines',
  )
    .argument('<environment>', 'name of the environment')
    .argument('<tables...>', 'tables, as schema.name')
    .option('--database <name>', 'whose tables they are, where several databases have them');
  changeOptions(command).action(async (environment: string, tables: string[], options) =>
    report(await (await import('./commands/resync')).resync(environment, tables, options)),
  );
}

export function repairCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'repair',
    'mend single rows of the clone that verify --json has found to differ',
    'sql-runner repair dev --from verify.json',
  )
    .argument('<environment>', 'name of the environment')
    .requiredOption('--from <file>', 'what verify --json has printed: which rows are to be looked at');
  changeOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/repair')).repair(environment, options)),
  );
}

export function resetCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'reset',
    'retire the clone: new slots and a new ticket, so that the next deploy of the target stack replaces it',
    'sql-runner reset dev && cdktf deploy dev-target && sql-runner apply dev',
  )
    .argument('<environment>', 'name of the environment')
    .option('--allow-reboot', 'consent to a reboot of the source writer', false);
  runOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/reset')).reset(environment, options)),
  );
}

export function teardownCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'teardown',
    'remove what apply made, on both sides, and nothing else',
    'sql-runner teardown dev',
  )
    .argument('<environment>', 'name of the environment')
    .option('--for-upgrade', 'say what else has to go before production is upgraded or renamed', false);
  runOptions(command).action(async (environment: string, options) => {
    report(await (await import('./commands/teardown')).teardown(environment, { ...options, allowReboot: false }));
  });
}

export function rolloutCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'rollout',
    'the whole sequence: deploy the source stack, apply, deploy the target stack, apply',
    'sql-runner rollout dev --allow-reboot',
  )
    .argument('<environment>', 'name of the environment')
    .option('--allow-reboot', 'consent to a reboot of the source writer', false);
  runOptions(command).action(async (environment: string, options) =>
    report(await (await import('./commands/rollout')).rollout(environment, options)),
  );
}

function runOptions(command: Command, sync = 'how long to wait until the clone is in sync; 0: do not wait'): Command {
  return changeOptions(command).option('--sync-timeout <seconds>', sync, seconds, 600);
}

function changeOptions(command: Command): Command {
  return command
    .option('--auto-approve', 'do not ask', false)
    .addOption(
      new Option('--history-file <file>', 'keep this run in a file of JSON lines, beside the clone').env(
        'SQL_RUNNER_HISTORY_FILE',
      ),
    )
    .option('--lock-timeout <seconds>', 'how long to wait for another run', seconds, 60);
}
